/*
 * The sample shop's products over the AWS SDK for JavaScript, version 3: the document client and its paginators.
 *
 *     DYNAMODB_ENDPOINT=http://127.0.0.1:8000 AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... node shop.js
 */
import assert from 'node:assert';
import { CreateTableCommand, DynamoDBClient, ResourceInUseException, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand, BatchWriteCommand, DeleteCommand, DynamoDBDocumentClient, GetCommand, paginateQuery, paginateScan, PutCommand,
  UpdateCommand
} from '@aws-sdk/lib-dynamodb';

const client = new DynamoDBClient({ region: process.env.AWS_DEFAULT_REGION ?? 'us-east-1', endpoint: process.env.DYNAMODB_ENDPOINT });
const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
const TableName = 'Products';

async function createTable() {
  try {
    await client.send(new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'ProductId', AttributeType: 'S' },
        { AttributeName: 'Category', AttributeType: 'S' },
        { AttributeName: 'Price', AttributeType: 'N' }
      ],
      KeySchema: [{ AttributeName: 'ProductId', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [{
        IndexName: 'CategoryPriceIndex',
        KeySchema: [{ AttributeName: 'Category', KeyType: 'HASH' }, { AttributeName: 'Price', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' }
      }]
    }));
    console.log('Created table: Products');
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    console.log('Table Products exists');
  }
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
}

async function collect(pages) {
  const items = [];
  for await (const page of pages) items.push(...page.Items);
  return items;
}

async function oneProduct(category) {
  const product = {
    ProductId: `${category}-lamp`, Category: category, Price: 19.9, Tags: new Set(['new', 'red']), Photo: Uint8Array.of(0, 1, 255),
    Sizes: { small: [1, 2], none: null }, Active: true
  };
  const Key = { ProductId: product.ProductId };

  await documents.send(new PutCommand({ TableName, Item: product, ConditionExpression: 'attribute_not_exists(ProductId)' }));
  const { Item } = await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  assert.deepStrictEqual(Item, product);
  console.log('A product comes back as it went: sets, bytes, maps, lists, null');

  await assert.rejects(
    documents.send(new PutCommand({ TableName, Item: product, ConditionExpression: 'attribute_not_exists(ProductId)' })),
    { name: 'ConditionalCheckFailedException', message: 'The conditional request failed' });
  console.log('It cannot be created twice');

  const { Attributes } = await documents.send(new UpdateCommand({
    TableName, Key,
    UpdateExpression: 'SET Price = Price - :off, Sizes.small[1] = :three REMOVE Photo ADD Tags :tag',
    ExpressionAttributeValues: { ':off': 0.9, ':three': 3, ':tag': new Set(['sale']) },
    ReturnValues: 'ALL_NEW'
  }));
  assert.strictEqual(Attributes.Price, 19);
  assert.deepStrictEqual(Attributes.Sizes.small, [1, 3]);
  assert.deepStrictEqual([...Attributes.Tags].sort(), ['new', 'red', 'sale']);
  assert.strictEqual(Attributes.Photo, undefined);
  console.log(`Its price is now ${Attributes.Price}`);

  await documents.send(new DeleteCommand({ TableName, Key }));
  assert.strictEqual((await documents.send(new GetCommand({ TableName, Key }))).Item, undefined);
  console.log('Deleted');
}

async function manyProducts(category) {
  const items = Array.from({ length: 25 }, (_, n) => ({ ProductId: `${category}-${n}`, Category: category, Price: 100 - n }));
  const keys = items.map(({ ProductId }) => ({ ProductId }));

  await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) } }));
  const { Responses } = await documents.send(new BatchGetCommand({ RequestItems: { [TableName]: { Keys: keys } } }));
  assert.strictEqual(Responses[TableName].length, 25);

  const found = await collect(paginateQuery({ client: documents, pageSize: 10 }, {
    TableName, IndexName: 'CategoryPriceIndex',
    KeyConditionExpression: 'Category = :category AND Price BETWEEN :low AND :high',
    ExpressionAttributeValues: { ':category': category, ':low': 81, ':high': 100 }
  }));
  assert.deepStrictEqual(found.map(({ Price }) => Price), Array.from({ length: 20 }, (_, n) => 81 + n));
  console.log(`Found ${found.length} of 25 by price, in pages of ten, the cheapest first`);

  const scanned = await collect(paginateScan({ client: documents, pageSize: 7 }, {
    TableName, FilterExpression: 'begins_with(ProductId, :prefix)', ExpressionAttributeValues: { ':prefix': `${category}-` }
  }));
  assert.strictEqual(scanned.length, 25);

  await documents.send(new BatchWriteCommand({ RequestItems: { [TableName]: keys.map((Key) => ({ DeleteRequest: { Key } })) } }));
  console.log('Deleted all of them in one batch');
}

await createTable();
const category = `lights-${Date.now()}`;
await oneProduct(category);
await manyProducts(category);
console.log('The shop works.');
