#!/usr/bin/env python3
"""The sample shop, once through: tables, users, products, orders, indexes, batches.

    DYNAMODB_ENDPOINT=http://127.0.0.1:8000 AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... python3 shop.py

Without DYNAMODB_ENDPOINT it talks to AWS.  Every line it prints is checked: a result other than DynamoDB's ends it with
an error.
"""
import os
import sys
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from botocore.exceptions import ClientError

from repositories import (DynamoDBBatchOperations, DynamoDBClient, OrderRepository, ProductRepository, UserRepository,
                          logger)


def attributes(**types):
    return [{'AttributeName': name, 'AttributeType': kind} for name, kind in types.items()]


def keys(hash_key, range_key=None):
    schema = [{'AttributeName': hash_key, 'KeyType': 'HASH'}]
    if range_key:
        schema.append({'AttributeName': range_key, 'KeyType': 'RANGE'})
    return schema


def index(name, *key):
    return {'IndexName': name, 'KeySchema': keys(*key), 'Projection': {'ProjectionType': 'ALL'}}


TABLES = [
    dict(TableName='Users', BillingMode='PAY_PER_REQUEST',
         AttributeDefinitions=attributes(UserId='S', Email='S'),
         KeySchema=keys('UserId'),
         GlobalSecondaryIndexes=[index('EmailIndex', 'Email')],
         Tags=[{'Key': 'Environment', 'Value': 'production'}]),
    dict(TableName='Orders', BillingMode='PAY_PER_REQUEST',
         AttributeDefinitions=attributes(UserId='S', OrderId='S', OrderDate='S', Status='S'),
         KeySchema=keys('UserId', 'OrderId'),
         GlobalSecondaryIndexes=[index('OrderDateIndex', 'UserId', 'OrderDate'),
                                 index('StatusIndex', 'Status', 'OrderDate')]),
    dict(TableName='Products', BillingMode='PROVISIONED',
         ProvisionedThroughput={'ReadCapacityUnits': 20, 'WriteCapacityUnits': 20},
         AttributeDefinitions=attributes(ProductId='S', Category='S', Price='N'),
         KeySchema=keys('ProductId'),
         GlobalSecondaryIndexes=[dict(index('CategoryPriceIndex', 'Category', 'Price'),
                                      ProvisionedThroughput={'ReadCapacityUnits': 10, 'WriteCapacityUnits': 10})]),
]


def create_tables(client):
    for table in TABLES:
        name = table['TableName']
        try:
            client.create_table(**table)
            print(f"Created table: {name}")
        except client.exceptions.ResourceInUseException:
            print(f"Table {name} exists")
        client.get_waiter('table_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 60})


def check(condition, text):
    if not condition:
        sys.exit(f"WRONG: {text}")
    print(text)


def shop_users(users, email):
    user_id = users.create_user(username="johndoe", email=email, first_name="John", last_name="Doe")
    user = users.get_user(user_id)
    check(user['Username'] == 'johndoe' and user['IsActive'] is True, f"User: {user['Username']} ({user['Email']})")
    check(users.get_user_by_email(email)['UserId'] == user_id, f"Found by e-mail: {email}")
    changed = users.update_user(user_id, FirstName='Jane', UserId='ignored')
    check(changed['FirstName'] == 'Jane' and changed['LastName'] == 'Doe', f"Renamed to {changed['FirstName']} Doe")
    check(users.get_user('nobody') is None, "Unknown user: None")
    check(users.delete_user('nobody') is False, "Unknown user cannot be deleted")
    return user_id


def shop_products(products, category):
    laptop = products.create_product("Laptop", "High-performance laptop", category, 999.99, 50)
    mouse = products.create_product("Mouse", "Wireless mouse", category, 29.99, 100)
    found = products.get_products_by_category(category)
    check([p['Name'] for p in found] == ['Mouse', 'Laptop'], f"Found {len(found)} products, the cheapest first")
    found = products.get_products_by_category(category, min_price=100, max_price=1000)
    check([p['Price'] for p in found] == [Decimal('999.99')], "One of them costs between 100 and 1000")
    check(len(products.get_products_by_category(category, max_price=29.99)) == 1, "One costs 29.99 or less")
    return laptop, mouse


def shop_orders(orders, user_id, laptop, mouse):
    items = [{'ProductId': laptop, 'Quantity': 1, 'UnitPrice': Decimal('999.99')},
             {'ProductId': mouse, 'Quantity': 2, 'UnitPrice': Decimal('29.99')}]
    order_id = orders.create_order(user_id, items, "123 Main St, City, State", 1059.97)
    order = orders.get_order(user_id, order_id)
    check(order['Items'] == items and order['TotalAmount'] == Decimal('1059.97'), f"Order of {order['TotalAmount']}")
    check(len(orders.get_user_orders(user_id)) == 1, "User has 1 orders")
    today = datetime.utcnow()
    dates = [(today + timedelta(days=n)).strftime('%Y-%m-%d') for n in (-1, 1, 2)]
    check(len(orders.get_orders_by_date_range(user_id, dates[0], dates[1])) == 1, "1 order since yesterday")
    check(orders.get_orders_by_date_range(user_id, dates[1], dates[2]) == [], "0 orders from tomorrow on")
    updated = orders.update_order_status(user_id, order_id, "processing")
    check(updated['Status'] == 'processing', f"Updated order status: {updated['Status']}")
    found = orders.get_orders_by_status('processing')
    check(order_id in [o['OrderId'] for o in found], "Found by its status")
    orders.update_order_status(user_id, order_id, "delivered")
    check(orders.update_order_status(user_id, 'none', "processing") is None, "An unknown order keeps no status")


def shop_stock(products, laptop):
    try:
        products.update_stock(laptop, -1)
        sys.exit("WRONG: update_stock was accepted")
    except ClientError as e:
        check(e.response['Error'] == {
            'Code': 'ValidationException',
            'Message': '1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: keys: {:zero}'},
            f"update_stock fails as on AWS: {e.response['Error']['Message']}")
    changed = products.update_stock_checked(laptop, -1)
    check(changed['StockQuantity'] == 49, f"Updated stock quantity: {changed['StockQuantity']}")
    try:
        products.update_stock_checked(laptop, -50)
        sys.exit("WRONG: the stock went below zero")
    except ValueError as e:
        check(str(e) == 'Insufficient stock or inactive product', f"50 more cannot be sold: {e}")


def shop_batches(batches, products):
    items = [{'ProductId': f'batch-{n}', 'Name': f'Part {n}', 'Price': Decimal(n)} for n in range(60)]
    ids = [{'ProductId': item['ProductId']} for item in items]
    check(batches.batch_write_items('Products', items), "Wrote 60 products in batches of 25")
    found = batches.batch_get_items('Products', [{'ProductId': {'S': key['ProductId']}} for key in ids])
    check(len(found) == 60, f"Read {len(found)} of them in one batch")
    check(batches.batch_write_items('Products', ids, operation='delete'), "Deleted 60 products in batches")
    check(products.get_product('batch-0') is None, "They are gone")


def main():
    client = DynamoDBClient(region_name=os.environ.get('AWS_DEFAULT_REGION', 'us-east-1'),
                            endpoint_url=os.environ.get('DYNAMODB_ENDPOINT'))
    logger.setLevel('CRITICAL')     # the repositories log each failure, also those that belong to the tour
    mark = uuid.uuid4().hex[:8]
    users, orders, products = UserRepository(client), OrderRepository(client), ProductRepository(client)

    create_tables(client.client)
    user_id = shop_users(users, f"john-{mark}@example.com")
    laptop, mouse = shop_products(products, f"Electronics-{mark}")
    shop_orders(orders, user_id, laptop, mouse)
    shop_stock(products, laptop)
    shop_batches(DynamoDBBatchOperations(client), products)
    check(users.delete_user(user_id), "Deleted the user")
    check(users.get_user(user_id)['IsActive'] is False, "which leaves an inactive one")
    print("The shop works.")


if __name__ == '__main__':
    main()
