/*
 * The sample shop's web service: Express routes over the repositories.
 */
const express = require('express');
const { DynamoDBClient, UserRepository, OrderRepository } = require('./dynamodb-client');
const app = express();

// Initialize DynamoDB client
const dynamoClient = new DynamoDBClient('us-east-1', process.env.DYNAMODB_ENDPOINT);

// Initialize repositories
const userRepository = new UserRepository(dynamoClient);
const orderRepository = new OrderRepository(dynamoClient);

app.use(express.json());

// User routes
app.post('/users', async (req, res) => {
  try {
    const { username, email, firstName, lastName } = req.body;
    const userId = await userRepository.createUser(username, email, firstName, lastName);
    res.status(201).json({ userId });
  } catch (error) {
    res.status(400).json({ error: error.message });
  }
});

app.get('/users/:id', async (req, res) => {
  try {
    const user = await userRepository.getUser(req.params.id);
    if (!user) {
      return res.status(404).json({ error: 'User not found' });
    }
    res.json(user);
  } catch (error) {
    res.status(500).json({ error: error.message });
  }
});

app.put('/users/:id', async (req, res) => {
  try {
    const updatedUser = await userRepository.updateUser(req.params.id, req.body);
    res.json(updatedUser);
  } catch (error) {
    res.status(400).json({ error: error.message });
  }
});

app.delete('/users/:id', async (req, res) => {
  try {
    const deleted = await userRepository.deleteUser(req.params.id);
    if (!deleted) {
      return res.status(404).json({ error: 'User not found' });
    }
    res.json({ message: 'User deleted successfully' });
  } catch (error) {
    res.status(500).json({ error: error.message });
  }
});

// Order routes
app.post('/orders', async (req, res) => {
  try {
    const { userId, items, shippingAddress, totalAmount } = req.body;
    const orderId = await orderRepository.createOrder(userId, items, shippingAddress, totalAmount);
    res.status(201).json({ orderId });
  } catch (error) {
    res.status(400).json({ error: error.message });
  }
});

app.get('/users/:userId/orders', async (req, res) => {
  try {
    const { limit } = req.query;
    const orders = await orderRepository.getUserOrders(req.params.userId, parseInt(limit) || 20);
    res.json(orders);
  } catch (error) {
    res.status(500).json({ error: error.message });
  }
});

app.put('/orders/:userId/:orderId/status', async (req, res) => {
  try {
    const { status } = req.body;
    const updatedOrder = await orderRepository.updateOrderStatus(
      req.params.userId,
      req.params.orderId,
      status
    );
    res.json(updatedOrder);
  } catch (error) {
    res.status(400).json({ error: error.message });
  }
});

if (require.main === module) {
  const port = process.env.PORT || 3000;
  app.listen(port, '127.0.0.1', () => console.log(`Server running on port ${port}`));
}

module.exports = { app, dynamoClient, orderRepository, userRepository };
