"""The calls that Terraform's AWS provider makes for an aws_dynamodb_table, in their order, and what it reads from each.

    apply    CreateTable, DescribeTable until ACTIVE, then as many of UpdateContinuousBackups, UpdateTimeToLive and
             TagResource as the resource asks for
    refresh  DescribeTable, DescribeContinuousBackups, DescribeTimeToLive, ListTagsOfResource
    change   TagResource, UntagResource, UpdateTable
    destroy  DeleteTable, DescribeTable until ResourceNotFoundException

The provider stops at any error that it does not expect, so each step must answer as AWS does.
"""
import pytest
from botocore.exceptions import ClientError

from conftest import new_name


def attributes(**types):
    return [{'AttributeName': name, 'AttributeType': kind} for name, kind in types.items()]


def key(hash_key, range_key=None):
    schema = [{'AttributeName': hash_key, 'KeyType': 'HASH'}]
    return schema + [{'AttributeName': range_key, 'KeyType': 'RANGE'}] if range_key else schema


def index(name, *keys, **throughput):
    # The provider sends no ProvisionedThroughput for an index of an on-demand table.
    return {'IndexName': name, 'KeySchema': key(*keys), 'Projection': {'ProjectionType': 'ALL'},
            **({'ProvisionedThroughput': throughput} if throughput else {})}


def tags(name):
    return [{'Key': 'Environment', 'Value': 'production'}, {'Key': 'Name', 'Value': name}]


# The three tables of a shop, as the provider turns their resources into requests.
USERS = dict(
    BillingMode='PAY_PER_REQUEST', KeySchema=key('UserId'), AttributeDefinitions=attributes(Email='S', UserId='S'),
    GlobalSecondaryIndexes=[index('EmailIndex', 'Email')], Tags=tags('Users'), TableClass='STANDARD',
    DeletionProtectionEnabled=False)
ORDERS = dict(
    BillingMode='PAY_PER_REQUEST', KeySchema=key('UserId', 'OrderId'),
    AttributeDefinitions=attributes(OrderDate='S', OrderId='S', Status='S', UserId='S'),
    GlobalSecondaryIndexes=[index('OrderDateIndex', 'UserId', 'OrderDate'), index('StatusIndex', 'Status', 'OrderDate')],
    StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'}, Tags=tags('Orders'))
PRODUCTS = dict(
    BillingMode='PROVISIONED', ProvisionedThroughput={'ReadCapacityUnits': 20, 'WriteCapacityUnits': 20},
    KeySchema=key('ProductId'), AttributeDefinitions=attributes(Category='S', Price='N', ProductId='S'),
    GlobalSecondaryIndexes=[
        index('CategoryPriceIndex', 'Category', 'Price', ReadCapacityUnits=10, WriteCapacityUnits=10)], Tags=tags('Products'))


@pytest.fixture
def apply(client):
    made = []

    def create(resource):
        name = new_name('terraform')
        answer = client.create_table(TableName=name, **resource)['TableDescription']
        made.append(name)
        assert answer['TableName'] == name and answer['TableStatus'] == 'CREATING'
        client.get_waiter('table_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
        return name

    yield create
    for name in made:
        destroy(client, name)


def destroy(client, name):
    try:
        client.delete_table(TableName=name)
    except client.exceptions.ResourceNotFoundException:
        return
    client.get_waiter('table_not_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})


def refresh(client, name):
    """The provider's Read: everything that the state file will hold."""
    table = client.describe_table(TableName=name)['Table']
    return {
        'table': table,
        'backups': client.describe_continuous_backups(TableName=name)['ContinuousBackupsDescription'],
        'ttl': client.describe_time_to_live(TableName=name)['TimeToLiveDescription'],
        'tags': sorted(client.list_tags_of_resource(ResourceArn=table['TableArn'])['Tags'], key=lambda tag: tag['Key'])}


@pytest.mark.parametrize('resource', [USERS, ORDERS, PRODUCTS], ids=['users', 'orders', 'products'])
def test_plan_after_apply_is_empty(client, apply, resource):
    name = apply(resource)
    state = refresh(client, name)
    table = state['table']
    by_name = lambda entries, what: sorted(entries, key=lambda entry: entry[what])

    assert table['TableArn'].endswith(f':table/{name}') and table['TableId']
    assert table['TableStatus'] == 'ACTIVE' and table['DeletionProtectionEnabled'] is False
    assert table['KeySchema'] == resource['KeySchema']
    assert by_name(table['AttributeDefinitions'], 'AttributeName') == by_name(resource['AttributeDefinitions'], 'AttributeName')
    assert table.get('BillingModeSummary', {}).get('BillingMode', 'PROVISIONED') == resource['BillingMode']
    capacity = resource.get('ProvisionedThroughput', {'ReadCapacityUnits': 0, 'WriteCapacityUnits': 0})
    assert {unit: table['ProvisionedThroughput'][unit] for unit in capacity} == capacity
    indexes = by_name(table['GlobalSecondaryIndexes'], 'IndexName')
    assert [(i['IndexName'], i['KeySchema'], i['Projection'], i['IndexStatus']) for i in indexes] == [
        (i['IndexName'], i['KeySchema'], i['Projection'], 'ACTIVE')
        for i in by_name(resource['GlobalSecondaryIndexes'], 'IndexName')]
    for have, want in zip(indexes, by_name(resource['GlobalSecondaryIndexes'], 'IndexName')):
        capacity = want.get('ProvisionedThroughput', {'ReadCapacityUnits': 0, 'WriteCapacityUnits': 0})
        assert {unit: have['ProvisionedThroughput'][unit] for unit in capacity} == capacity
    assert table.get('StreamSpecification', {}) == resource.get('StreamSpecification', {})
    assert bool(table.get('LatestStreamArn')) == bool(table.get('LatestStreamLabel')) == ('StreamSpecification' in resource)
    assert 'SSEDescription' not in table and 'RestoreSummary' not in table and not table.get('Replicas')
    assert state['backups']['ContinuousBackupsStatus'] == 'ENABLED'
    assert state['backups']['PointInTimeRecoveryDescription']['PointInTimeRecoveryStatus'] == 'DISABLED'
    assert state['ttl'] == {'TimeToLiveStatus': 'DISABLED'}
    assert state['tags'] == resource['Tags']
    assert refresh(client, name) == state


def test_recovery_switched_off(client, apply):
    """point_in_time_recovery { enabled = false }; with true the provider must hear at once that it cannot have it."""
    name = apply(USERS)
    answer = client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={'PointInTimeRecoveryEnabled': False})
    assert answer['ContinuousBackupsDescription'] == refresh(client, name)['backups']
    with pytest.raises(ClientError) as caught:
        client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification={'PointInTimeRecoveryEnabled': True})
    assert caught.value.response['Error']['Code'] == 'ValidationException'      # it would try ContinuousBackupsUnavailable again


def test_what_is_not_there(client, apply):
    """What scanners and controllers ask for beside DescribeTable."""
    name = apply(ORDERS)
    assert client.list_backups(TableName=name)['BackupSummaries'] == []
    assert client.list_exports()['ExportSummaries'] == [] and client.list_imports()['ImportSummaryList'] == []
    assert client.list_global_tables()['GlobalTables'] == []
    assert client.list_contributor_insights(TableName=name)['ContributorInsightsSummaries'] == []
    assert client.describe_contributor_insights(TableName=name)['ContributorInsightsStatus'] == 'DISABLED'
    assert client.describe_kinesis_streaming_destination(TableName=name)['KinesisDataStreamDestinations'] == []


def test_changed_tags(client, apply):
    name = apply(USERS)
    arn = client.describe_table(TableName=name)['Table']['TableArn']
    # The provider removes first, then adds and overwrites.
    client.untag_resource(ResourceArn=arn, TagKeys=['Name'])
    client.tag_resource(ResourceArn=arn, Tags=[{'Key': 'Environment', 'Value': 'test'}, {'Key': 'Owner', 'Value': 'shop'}])
    assert refresh(client, name)['tags'] == [{'Key': 'Environment', 'Value': 'test'}, {'Key': 'Owner', 'Value': 'shop'}]


def test_destroy(client, apply):
    name = apply(PRODUCTS)
    assert client.delete_table(TableName=name)['TableDescription']['TableStatus'] == 'DELETING'
    client.get_waiter('table_not_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
    for call in (client.describe_table, client.delete_table):
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            call(TableName=name)


def test_second_apply_of_the_same_name(client, apply):
    name = apply(USERS)
    with pytest.raises(client.exceptions.ResourceInUseException) as caught:
        client.create_table(TableName=name, **USERS)
    assert caught.value.response['Error']['Message'] == f'Table already exists: {name}'


def test_time_to_live(client, apply):
    name = apply(ORDERS)
    wanted = {'AttributeName': 'TTL', 'Enabled': True}
    assert client.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)['TimeToLiveSpecification'] == wanted
    state = refresh(client, name)
    assert state['ttl']['AttributeName'] == 'TTL' and state['ttl']['TimeToLiveStatus'] in ('ENABLING', 'ENABLED')


def test_deletion_protection_stops_destroy(client, apply):
    name = apply({**USERS, 'DeletionProtectionEnabled': True})
    with pytest.raises(ClientError) as caught:
        client.delete_table(TableName=name)
    assert caught.value.response['Error'] == {
        'Code': 'ValidationException',
        'Message': 'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.'}
    client.update_table(TableName=name, DeletionProtectionEnabled=False)
    client.get_waiter('table_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 120})
    assert refresh(client, name)['table']['DeletionProtectionEnabled'] is False
