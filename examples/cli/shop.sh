#!/usr/bin/env bash
# The sample shop's tables and a few items with the AWS CLI.
#
#     DYNAMODB_ENDPOINT=http://127.0.0.1:8000 AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... ./shop.sh
#
# Every command's answer is compared with what AWS gives.  PREFIX is put before the tables' names, default "Cli".
set -euo pipefail
export AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-us-east-1} AWS_PAGER=
PREFIX=${PREFIX:-Cli}
run=$(date +%s)-$$

dynamodb()
{
	aws dynamodb "$@" ${DYNAMODB_ENDPOINT:+--endpoint-url "$DYNAMODB_ENDPOINT"}
}

# expect WANTED GOT
expect()
{
	[ "$1" = "$2" ] || { printf 'WRONG: expected "%s", got "%s"\n' "$1" "$2" >&2; exit 1; }
	printf '%s\n' "$2"
}

# create NAME ARGUMENTS: creates the table unless it exists
create()
{
	local name=$1 answer
	shift
	if answer=$(dynamodb create-table --table-name "$name" "$@" --query TableDescription.TableName --output text 2>&1); then
		echo "Created table: $answer"
	elif grep -q 'ResourceInUseException' <<<"$answer"; then
		echo "Table $name exists"
	else
		printf '%s\n' "$answer" >&2
		exit 1
	fi
	dynamodb wait table-exists --table-name "$name"
}

# Create a simple table
create "${PREFIX}Users" \
    --attribute-definitions \
        AttributeName=UserId,AttributeType=S \
    --key-schema \
        AttributeName=UserId,KeyType=HASH \
    --billing-mode PAY_PER_REQUEST \
    --region us-east-1

# Create table with composite key
create "${PREFIX}Orders" \
    --attribute-definitions \
        AttributeName=UserId,AttributeType=S \
        AttributeName=OrderId,AttributeType=S \
    --key-schema \
        AttributeName=UserId,KeyType=HASH \
        AttributeName=OrderId,KeyType=RANGE \
    --billing-mode PAY_PER_REQUEST \
    --region us-east-1

# A global secondary index has no billing mode of its own; the CLI refuses it before it asks any endpoint
products=(
    --attribute-definitions
        AttributeName=ProductId,AttributeType=S
        AttributeName=Category,AttributeType=S
        AttributeName=Price,AttributeType=N
    --key-schema
        AttributeName=ProductId,KeyType=HASH
    --billing-mode PAY_PER_REQUEST
    --region us-east-1
)
index='IndexName=CategoryPriceIndex,KeySchema=[{AttributeName=Category,KeyType=HASH},{AttributeName=Price,KeyType=RANGE}],Projection={ProjectionType=ALL}'
if answer=$(dynamodb create-table --table-name "${PREFIX}Products" "${products[@]}" \
	--global-secondary-indexes "$index,BillingMode=PAY_PER_REQUEST" 2>&1); then
	echo "WRONG: an index with a billing mode was accepted" >&2
	exit 1
fi
grep -o 'Unknown parameter in GlobalSecondaryIndexes\[0\]: "BillingMode"' <<<"$answer" || { echo "WRONG: $answer" >&2; exit 1; }

# Create table with Global Secondary Index
create "${PREFIX}Products" "${products[@]}" --global-secondary-indexes "$index"

expect 'ACTIVE	PAY_PER_REQUEST	CategoryPriceIndex' "$(dynamodb describe-table --table-name "${PREFIX}Products" --output text \
	--query 'Table.[TableStatus, BillingModeSummary.BillingMode, GlobalSecondaryIndexes[0].IndexName]')"
expect 3 "$(dynamodb list-tables --query "length(TableNames[?starts_with(@, '$PREFIX')])")"

for price in 5 30 20.5; do
	dynamodb put-item --table-name "${PREFIX}Products" \
		--item "{\"ProductId\": {\"S\": \"$run-$price\"}, \"Category\": {\"S\": \"$run\"}, \"Price\": {\"N\": \"$price\"}}"
done
expect '20.5	30' "$(dynamodb query --table-name "${PREFIX}Products" --index-name CategoryPriceIndex \
	--key-condition-expression 'Category = :c AND Price > :p' \
	--expression-attribute-values "{\":c\": {\"S\": \"$run\"}, \":p\": {\"N\": \"5\"}}" --query 'Items[].Price.N' --output text)"
expect 31.5 "$(dynamodb update-item --table-name "${PREFIX}Products" --key "{\"ProductId\": {\"S\": \"$run-30\"}}" \
	--update-expression 'ADD Price :d' --expression-attribute-values '{":d": {"N": "1.5"}}' --return-values UPDATED_NEW \
	--query Attributes.Price.N --output text)"
expect 3 "$(dynamodb scan --table-name "${PREFIX}Products" --filter-expression 'Category = :c' \
	--expression-attribute-values "{\":c\": {\"S\": \"$run\"}}" --page-size 2 --query 'length(Items)')"
expect 5 "$(dynamodb delete-item --table-name "${PREFIX}Products" --key "{\"ProductId\": {\"S\": \"$run-5\"}}" \
	--return-values ALL_OLD --query Attributes.Price.N --output text)"
expect 'None' "$(dynamodb get-item --table-name "${PREFIX}Products" --key "{\"ProductId\": {\"S\": \"$run-5\"}}" \
	--query Item --output text)"
if answer=$(dynamodb put-item --table-name "${PREFIX}Products" --condition-expression 'attribute_not_exists(ProductId)' \
	--item "{\"ProductId\": {\"S\": \"$run-30\"}}" 2>&1); then
	echo "WRONG: the condition did not hold and yet the item was written" >&2
	exit 1
fi
grep -o '(ConditionalCheckFailedException).*' <<<"$answer" || { echo "WRONG: $answer" >&2; exit 1; }
echo "The shop works."
