/*
 * The sample shop over the AWS SDK for JavaScript, version 2: a client and two repositories on its DocumentClient.
 *
 * An application as it would be written for AWS: nothing here knows that the endpoint is PostgreSQL.
 */
const AWS = require('aws-sdk');
const { v4: uuidv4 } = require('uuid');

class DynamoDBClient {
  constructor(region = 'us-east-1', endpoint = null) {
    const config = { region };
    if (endpoint) {
      config.endpoint = endpoint;
    }

    this.dynamodb = new AWS.DynamoDB(config);
    this.docClient = new AWS.DynamoDB.DocumentClient(config);
  }

  async putItem(tableName, item) {
    const params = {
      TableName: tableName,
      Item: item
    };

    try {
      const result = await this.docClient.put(params).promise();
      return result;
    } catch (error) {
      console.error('Put item failed:', error);
      throw error;
    }
  }

  async getItem(tableName, key) {
    const params = {
      TableName: tableName,
      Key: key
    };

    try {
      const result = await this.docClient.get(params).promise();
      return result.Item;
    } catch (error) {
      console.error('Get item failed:', error);
      throw error;
    }
  }

  async queryItems(tableName, keyCondition, indexName = null, limit = null) {
    const params = {
      TableName: tableName,
      KeyConditionExpression: keyCondition.expression,
      ExpressionAttributeValues: keyCondition.values
    };

    if (indexName) {
      params.IndexName = indexName;
    }

    if (limit) {
      params.Limit = limit;
    }

    if (keyCondition.names) {
      params.ExpressionAttributeNames = keyCondition.names;
    }

    try {
      const result = await this.docClient.query(params).promise();
      return result.Items;
    } catch (error) {
      console.error('Query failed:', error);
      throw error;
    }
  }

  async updateItem(tableName, key, updateExpression, expressionValues, conditionExpression = null, names = null) {
    const params = {
      TableName: tableName,
      Key: key,
      UpdateExpression: updateExpression,
      ExpressionAttributeValues: expressionValues,
      ReturnValues: 'ALL_NEW'
    };

    if (conditionExpression) {
      params.ConditionExpression = conditionExpression;
    }

    if (names) {
      params.ExpressionAttributeNames = names;
    }

    try {
      const result = await this.docClient.update(params).promise();
      return result.Attributes;
    } catch (error) {
      console.error('Update failed:', error);
      throw error;
    }
  }

  async batchWrite(tableName, items, operation = 'put') {
    const chunks = this.chunkArray(items, 25); // DynamoDB batch limit

    for (const chunk of chunks) {
      const requestItems = {};
      requestItems[tableName] = chunk.map(item => {
        if (operation === 'put') {
          return { PutRequest: { Item: item } };
        } else if (operation === 'delete') {
          return { DeleteRequest: { Key: item } };
        }
      });

      const params = { RequestItems: requestItems };

      try {
        await this.docClient.batchWrite(params).promise();
      } catch (error) {
        console.error('Batch write failed:', error);
        throw error;
      }
    }
  }

  chunkArray(array, chunkSize) {
    const chunks = [];
    for (let i = 0; i < array.length; i += chunkSize) {
      chunks.push(array.slice(i, i + chunkSize));
    }
    return chunks;
  }
}

class UserRepository {
  constructor(dynamoClient, tableName = 'Users') {
    this.client = dynamoClient;
    this.tableName = tableName;
  }

  async createUser(username, email, firstName, lastName) {
    const userId = uuidv4();
    const timestamp = new Date().toISOString();

    const item = {
      UserId: userId,
      Username: username,
      Email: email,
      FirstName: firstName,
      LastName: lastName,
      CreatedAt: timestamp,
      UpdatedAt: timestamp,
      IsActive: true
    };

    try {
      await this.client.putItem(this.tableName, item);
      console.log(`Created user: ${userId}`);
      return userId;
    } catch (error) {
      console.error('Failed to create user:', error);
      throw error;
    }
  }

  async getUser(userId) {
    try {
      const user = await this.client.getItem(this.tableName, { UserId: userId });
      return user;
    } catch (error) {
      console.error('Failed to get user:', error);
      return null;
    }
  }

  async getUserByEmail(email) {
    const keyCondition = {
      expression: 'Email = :email',
      values: { ':email': email }
    };

    try {
      const users = await this.client.queryItems(this.tableName, keyCondition, 'EmailIndex');
      return users.length > 0 ? users[0] : null;
    } catch (error) {
      console.error('Failed to get user by email:', error);
      return null;
    }
  }

  async updateUser(userId, updates) {
    let updateExpression = 'SET UpdatedAt = :updatedAt';
    const expressionValues = { ':updatedAt': new Date().toISOString() };

    // Build update expression dynamically
    Object.keys(updates).forEach((key, index) => {
      if (key !== 'UserId' && key !== 'CreatedAt') {
        const valueKey = `:${key.toLowerCase()}${index}`;
        updateExpression += `, ${key} = ${valueKey}`;
        expressionValues[valueKey] = updates[key];
      }
    });

    try {
      const updatedUser = await this.client.updateItem(
        this.tableName,
        { UserId: userId },
        updateExpression,
        expressionValues
      );
      console.log(`Updated user: ${userId}`);
      return updatedUser;
    } catch (error) {
      console.error('Failed to update user:', error);
      throw error;
    }
  }

  async deleteUser(userId) {
    try {
      const updatedUser = await this.client.updateItem(
        this.tableName,
        { UserId: userId },
        'SET IsActive = :active, UpdatedAt = :updatedAt',
        {
          ':active': false,
          ':updatedAt': new Date().toISOString()
        },
        'attribute_exists(UserId)'
      );
      console.log(`Deleted user: ${userId}`);
      return true;
    } catch (error) {
      if (error.code === 'ConditionalCheckFailedException') {
        console.error(`User ${userId} not found`);
        return false;
      }
      console.error('Failed to delete user:', error);
      throw error;
    }
  }
}

class OrderRepository {
  constructor(dynamoClient, tableName = 'Orders') {
    this.client = dynamoClient;
    this.tableName = tableName;
  }

  async createOrder(userId, items, shippingAddress, totalAmount) {
    const orderId = uuidv4();
    const timestamp = new Date();
    const ttl = Math.floor((timestamp.getTime() + (30 * 24 * 60 * 60 * 1000)) / 1000); // 30 days TTL

    const item = {
      UserId: userId,
      OrderId: orderId,
      OrderDate: timestamp.toISOString().split('T')[0], // YYYY-MM-DD format
      CreatedAt: timestamp.toISOString(),
      Status: 'pending',
      Items: items,
      ShippingAddress: shippingAddress,
      TotalAmount: totalAmount,
      TTL: ttl
    };

    try {
      await this.client.putItem(this.tableName, item);
      console.log(`Created order: ${orderId} for user: ${userId}`);
      return orderId;
    } catch (error) {
      console.error('Failed to create order:', error);
      throw error;
    }
  }

  async getOrder(userId, orderId) {
    try {
      const order = await this.client.getItem(this.tableName, {
        UserId: userId,
        OrderId: orderId
      });
      return order;
    } catch (error) {
      console.error('Failed to get order:', error);
      return null;
    }
  }

  async getUserOrders(userId, limit = 20) {
    const keyCondition = {
      expression: 'UserId = :userId',
      values: { ':userId': userId }
    };

    try {
      const orders = await this.client.queryItems(this.tableName, keyCondition, null, limit);
      return orders;
    } catch (error) {
      console.error('Failed to get user orders:', error);
      return [];
    }
  }

  async getOrdersByDateRange(userId, startDate, endDate) {
    const keyCondition = {
      expression: 'UserId = :userId AND OrderDate BETWEEN :startDate AND :endDate',
      values: {
        ':userId': userId,
        ':startDate': startDate,
        ':endDate': endDate
      }
    };

    try {
      const orders = await this.client.queryItems(this.tableName, keyCondition, 'OrderDateIndex');
      return orders;
    } catch (error) {
      console.error('Failed to get orders by date range:', error);
      return [];
    }
  }

  async updateOrderStatus(userId, orderId, status) {
    try {
      const updatedOrder = await this.client.updateItem(
        this.tableName,
        { UserId: userId, OrderId: orderId },
        'SET #status = :status, UpdatedAt = :updatedAt',
        {
          ':status': status,
          ':updatedAt': new Date().toISOString()
        },
        'attribute_exists(UserId)'
      );
      console.log(`Updated order ${orderId} status to ${status}`);
      return updatedOrder;
    } catch (error) {
      console.error('Failed to update order status:', error);
      throw error;
    }
  }

  // What updateOrderStatus means.  DynamoDB refuses that one: it never says which attribute #status is.
  async updateOrderStatusNamed(userId, orderId, status) {
    return this.client.updateItem(
      this.tableName,
      { UserId: userId, OrderId: orderId },
      'SET #status = :status, UpdatedAt = :updatedAt',
      {
        ':status': status,
        ':updatedAt': new Date().toISOString()
      },
      'attribute_exists(UserId)',
      { '#status': 'Status' }
    );
  }

  async getOrdersByStatus(status, limit = 100) {
    const keyCondition = {
      expression: '#status = :status',
      values: { ':status': status },
      names: { '#status': 'Status' }
    };

    try {
      const orders = await this.client.queryItems(this.tableName, keyCondition, 'StatusIndex', limit);
      return orders;
    } catch (error) {
      console.error('Failed to get orders by status:', error);
      return [];
    }
  }
}

module.exports = { DynamoDBClient, UserRepository, OrderRepository };
