"""The sample shop's repositories: users, orders, products and batches over boto3.

An application as it would be written for AWS: nothing here knows that the endpoint is PostgreSQL.
"""
import boto3
from boto3.dynamodb.conditions import Key, Attr
from botocore.exceptions import ClientError
from decimal import Decimal
from datetime import datetime, timedelta
import logging
import uuid

# Configure logging
logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)

class DynamoDBClient:
    def __init__(self, region_name='us-east-1', endpoint_url=None):
        """Initialize DynamoDB client"""
        self.region_name = region_name

        # For local DynamoDB development
        if endpoint_url:
            self.dynamodb = boto3.resource('dynamodb',
                                         region_name=region_name,
                                         endpoint_url=endpoint_url)
            self.client = boto3.client('dynamodb',
                                     region_name=region_name,
                                     endpoint_url=endpoint_url)
        else:
            self.dynamodb = boto3.resource('dynamodb', region_name=region_name)
            self.client = boto3.client('dynamodb', region_name=region_name)

    def get_table(self, table_name):
        """Get DynamoDB table resource"""
        return self.dynamodb.Table(table_name)

    def decimal_default(self, obj):
        """JSON serializer for Decimal objects"""
        if isinstance(obj, Decimal):
            return float(obj)
        raise TypeError

class UserRepository:
    def __init__(self, dynamodb_client, table_name='Users'):
        self.client = dynamodb_client
        self.table = self.client.get_table(table_name)

    def create_user(self, username, email, first_name, last_name):
        """Create a new user"""
        user_id = str(uuid.uuid4())
        timestamp = datetime.utcnow().isoformat()

        item = {
            'UserId': user_id,
            'Username': username,
            'Email': email,
            'FirstName': first_name,
            'LastName': last_name,
            'CreatedAt': timestamp,
            'UpdatedAt': timestamp,
            'IsActive': True
        }

        try:
            # Use condition expression to ensure email uniqueness
            self.table.put_item(
                Item=item,
                ConditionExpression=Attr('Email').not_exists()
            )
            logger.info(f"Created user: {user_id}")
            return user_id
        except ClientError as e:
            if e.response['Error']['Code'] == 'ConditionalCheckFailedException':
                logger.error(f"User with email {email} already exists")
                raise ValueError(f"User with email {email} already exists")
            else:
                logger.error(f"Failed to create user: {e}")
                raise

    def get_user(self, user_id):
        """Get user by ID"""
        try:
            response = self.table.get_item(Key={'UserId': user_id})
            if 'Item' in response:
                return response['Item']
            return None
        except ClientError as e:
            logger.error(f"Failed to get user {user_id}: {e}")
            return None

    def get_user_by_email(self, email):
        """Get user by email using GSI"""
        try:
            response = self.table.query(
                IndexName='EmailIndex',
                KeyConditionExpression=Key('Email').eq(email)
            )

            if response['Items']:
                return response['Items'][0]
            return None
        except ClientError as e:
            logger.error(f"Failed to get user by email {email}: {e}")
            return None

    def update_user(self, user_id, **kwargs):
        """Update user attributes"""
        update_expression = "SET UpdatedAt = :updated_at"
        expression_values = {':updated_at': datetime.utcnow().isoformat()}

        # Build update expression dynamically
        for key, value in kwargs.items():
            if key not in ['UserId', 'CreatedAt']:  # Skip immutable fields
                attr_name = f":{key.lower()}"
                update_expression += f", {key} = {attr_name}"
                expression_values[attr_name] = value

        try:
            response = self.table.update_item(
                Key={'UserId': user_id},
                UpdateExpression=update_expression,
                ExpressionAttributeValues=expression_values,
                ReturnValues='ALL_NEW'
            )

            logger.info(f"Updated user: {user_id}")
            return response['Attributes']
        except ClientError as e:
            logger.error(f"Failed to update user {user_id}: {e}")
            return None

    def delete_user(self, user_id):
        """Soft delete user by setting IsActive to False"""
        try:
            response = self.table.update_item(
                Key={'UserId': user_id},
                UpdateExpression="SET IsActive = :active, UpdatedAt = :updated_at",
                ExpressionAttributeValues={
                    ':active': False,
                    ':updated_at': datetime.utcnow().isoformat()
                },
                ConditionExpression=Attr('UserId').exists(),
                ReturnValues='ALL_NEW'
            )

            logger.info(f"Deleted user: {user_id}")
            return True
        except ClientError as e:
            if e.response['Error']['Code'] == 'ConditionalCheckFailedException':
                logger.error(f"User {user_id} not found")
                return False
            else:
                logger.error(f"Failed to delete user {user_id}: {e}")
                return False

class OrderRepository:
    def __init__(self, dynamodb_client, table_name='Orders'):
        self.client = dynamodb_client
        self.table = self.client.get_table(table_name)

    def create_order(self, user_id, items, shipping_address, total_amount):
        """Create a new order"""
        order_id = str(uuid.uuid4())
        timestamp = datetime.utcnow()

        # Calculate TTL (30 days for completed orders)
        ttl = int((timestamp + timedelta(days=30)).timestamp())

        item = {
            'UserId': user_id,
            'OrderId': order_id,
            'OrderDate': timestamp.strftime('%Y-%m-%d'),
            'CreatedAt': timestamp.isoformat(),
            'Status': 'pending',
            'Items': items,
            'ShippingAddress': shipping_address,
            'TotalAmount': Decimal(str(total_amount)),
            'TTL': ttl
        }

        try:
            self.table.put_item(Item=item)
            logger.info(f"Created order: {order_id} for user: {user_id}")
            return order_id
        except ClientError as e:
            logger.error(f"Failed to create order: {e}")
            raise

    def get_order(self, user_id, order_id):
        """Get specific order"""
        try:
            response = self.table.get_item(
                Key={
                    'UserId': user_id,
                    'OrderId': order_id
                }
            )

            if 'Item' in response:
                return response['Item']
            return None
        except ClientError as e:
            logger.error(f"Failed to get order {order_id}: {e}")
            return None

    def get_user_orders(self, user_id, limit=20):
        """Get orders for a user"""
        try:
            response = self.table.query(
                KeyConditionExpression=Key('UserId').eq(user_id),
                ScanIndexForward=False,  # Sort by OrderId descending
                Limit=limit
            )

            return response['Items']
        except ClientError as e:
            logger.error(f"Failed to get orders for user {user_id}: {e}")
            return []

    def get_orders_by_date_range(self, user_id, start_date, end_date):
        """Get orders for a user within date range using GSI"""
        try:
            response = self.table.query(
                IndexName='OrderDateIndex',
                KeyConditionExpression=Key('UserId').eq(user_id) &
                                     Key('OrderDate').between(start_date, end_date),
                ScanIndexForward=False
            )

            return response['Items']
        except ClientError as e:
            logger.error(f"Failed to get orders by date range: {e}")
            return []

    def update_order_status(self, user_id, order_id, status):
        """Update order status"""
        try:
            response = self.table.update_item(
                Key={
                    'UserId': user_id,
                    'OrderId': order_id
                },
                UpdateExpression="SET #status = :status, UpdatedAt = :updated_at",
                ExpressionAttributeNames={'#status': 'Status'},
                ExpressionAttributeValues={
                    ':status': status,
                    ':updated_at': datetime.utcnow().isoformat()
                },
                ConditionExpression=Attr('UserId').exists(),
                ReturnValues='ALL_NEW'
            )

            logger.info(f"Updated order {order_id} status to {status}")
            return response['Attributes']
        except ClientError as e:
            logger.error(f"Failed to update order status: {e}")
            return None

    def get_orders_by_status(self, status, limit=100):
        """Get orders by status using GSI"""
        try:
            response = self.table.query(
                IndexName='StatusIndex',
                KeyConditionExpression=Key('Status').eq(status),
                ScanIndexForward=False,
                Limit=limit
            )

            return response['Items']
        except ClientError as e:
            logger.error(f"Failed to get orders by status {status}: {e}")
            return []

class ProductRepository:
    def __init__(self, dynamodb_client, table_name='Products'):
        self.client = dynamodb_client
        self.table = self.client.get_table(table_name)

    def create_product(self, name, description, category, price, stock_quantity):
        """Create a new product"""
        product_id = str(uuid.uuid4())
        timestamp = datetime.utcnow().isoformat()

        item = {
            'ProductId': product_id,
            'Name': name,
            'Description': description,
            'Category': category,
            'Price': Decimal(str(price)),
            'StockQuantity': stock_quantity,
            'CreatedAt': timestamp,
            'UpdatedAt': timestamp,
            'IsActive': True
        }

        try:
            self.table.put_item(Item=item)
            logger.info(f"Created product: {product_id}")
            return product_id
        except ClientError as e:
            logger.error(f"Failed to create product: {e}")
            raise

    def get_product(self, product_id):
        """Get product by ID"""
        try:
            response = self.table.get_item(Key={'ProductId': product_id})
            if 'Item' in response:
                return response['Item']
            return None
        except ClientError as e:
            logger.error(f"Failed to get product {product_id}: {e}")
            return None

    def get_products_by_category(self, category, min_price=None, max_price=None, limit=50):
        """Get products by category and price range using GSI"""
        try:
            if min_price is not None and max_price is not None:
                key_condition = Key('Category').eq(category) & Key('Price').between(
                    Decimal(str(min_price)), Decimal(str(max_price))
                )
            elif min_price is not None:
                key_condition = Key('Category').eq(category) & Key('Price').gte(
                    Decimal(str(min_price))
                )
            elif max_price is not None:
                key_condition = Key('Category').eq(category) & Key('Price').lte(
                    Decimal(str(max_price))
                )
            else:
                key_condition = Key('Category').eq(category)

            response = self.table.query(
                IndexName='CategoryPriceIndex',
                KeyConditionExpression=key_condition,
                ScanIndexForward=True,  # Sort by price ascending
                Limit=limit
            )

            return response['Items']
        except ClientError as e:
            logger.error(f"Failed to get products by category {category}: {e}")
            return []

    def update_stock(self, product_id, quantity_change):
        """Update product stock quantity atomically"""
        try:
            response = self.table.update_item(
                Key={'ProductId': product_id},
                UpdateExpression="ADD StockQuantity :change SET UpdatedAt = :updated_at",
                ExpressionAttributeValues={
                    ':change': quantity_change,
                    ':updated_at': datetime.utcnow().isoformat(),
                    ':zero': 0
                },
                ConditionExpression=Attr('StockQuantity').gte(Attr(':zero')) &
                                  Attr('IsActive').eq(True),
                ReturnValues='ALL_NEW'
            )

            logger.info(f"Updated stock for product {product_id} by {quantity_change}")
            return response['Attributes']
        except ClientError as e:
            if e.response['Error']['Code'] == 'ConditionalCheckFailedException':
                logger.error(f"Insufficient stock or inactive product: {product_id}")
                raise ValueError("Insufficient stock or inactive product")
            else:
                logger.error(f"Failed to update stock: {e}")
                raise

    def update_stock_checked(self, product_id, quantity_change):
        """Update product stock quantity atomically, never below zero.

        What update_stock means.  DynamoDB refuses that one with a ValidationException, since its condition compares with
        an attribute called ":zero" and leaves the value of that name unused.
        """
        try:
            response = self.table.update_item(
                Key={'ProductId': product_id},
                UpdateExpression="ADD StockQuantity :change SET UpdatedAt = :updated_at",
                ExpressionAttributeValues={
                    ':change': quantity_change,
                    ':updated_at': datetime.utcnow().isoformat()
                },
                ConditionExpression=Attr('StockQuantity').gte(max(0, -quantity_change)) &
                                  Attr('IsActive').eq(True),
                ReturnValues='ALL_NEW'
            )

            logger.info(f"Updated stock for product {product_id} by {quantity_change}")
            return response['Attributes']
        except ClientError as e:
            if e.response['Error']['Code'] == 'ConditionalCheckFailedException':
                logger.error(f"Insufficient stock or inactive product: {product_id}")
                raise ValueError("Insufficient stock or inactive product")
            else:
                logger.error(f"Failed to update stock: {e}")
                raise

# Advanced features
class DynamoDBBatchOperations:
    def __init__(self, dynamodb_client):
        self.client = dynamodb_client

    def batch_write_items(self, table_name, items, operation='put'):
        """Batch write items to DynamoDB table"""
        table = self.client.get_table(table_name)

        try:
            with table.batch_writer() as batch:
                for item in items:
                    if operation == 'put':
                        batch.put_item(Item=item)
                    elif operation == 'delete':
                        batch.delete_item(Key=item)

            logger.info(f"Batch {operation} completed for {len(items)} items")
            return True
        except ClientError as e:
            logger.error(f"Batch {operation} failed: {e}")
            return False

    def batch_get_items(self, table_name, keys):
        """Batch get items from DynamoDB table"""
        try:
            response = self.client.client.batch_get_item(
                RequestItems={
                    table_name: {
                        'Keys': keys
                    }
                }
            )

            return response['Responses'].get(table_name, [])
        except ClientError as e:
            logger.error(f"Batch get failed: {e}")
            return []
