-- Table operations with named arguments.

-- {"StatusIndex": {"hash_key": "Status", "range_key": "OrderDate"}} as the API's list of indexes
CREATE OR REPLACE FUNCTION dynamo.index_list(indexes jsonb, hash_key text, throughput jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
		'IndexName', i.key,
		'KeySchema', CASE WHEN i.value ? 'range_key' THEN
				jsonb_build_array(jsonb_build_object('AttributeName', coalesce(i.value ->> 'hash_key', hash_key), 'KeyType', 'HASH'),
								  jsonb_build_object('AttributeName', i.value ->> 'range_key', 'KeyType', 'RANGE'))
			ELSE jsonb_build_array(jsonb_build_object('AttributeName', coalesce(i.value ->> 'hash_key', hash_key), 'KeyType', 'HASH')) END,
		'Projection', jsonb_build_object(
			'ProjectionType', coalesce(i.value ->> 'projection', CASE WHEN i.value ? 'non_key_attributes' THEN 'INCLUDE' ELSE 'ALL' END),
			'NonKeyAttributes', i.value -> 'non_key_attributes'),
		'ProvisionedThroughput', throughput)) ORDER BY i.key)
	FROM jsonb_each(indexes) AS i(key, value);
END;
COMMENT ON FUNCTION dynamo.index_list IS 'a short description of indexes as the list that CreateTable takes';

CREATE OR REPLACE FUNCTION dynamo.create_table_body(table_name text, hash_key text, range_key text DEFAULT NULL,
	attribute_types jsonb DEFAULT '{}', global_indexes jsonb DEFAULT NULL, local_indexes jsonb DEFAULT NULL,
	read_capacity bigint DEFAULT NULL, write_capacity bigint DEFAULT NULL, stream_view_type text DEFAULT NULL,
	tags jsonb DEFAULT NULL, deletion_protection boolean DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	key_names pg_catalog.text[] := array_remove(ARRAY[hash_key, range_key], NULL);
	throughput pg_catalog.jsonb;
	definitions pg_catalog.jsonb;
BEGIN
	SELECT key_names || coalesce(array_agg(k), '{}') INTO key_names
	FROM (SELECT value ->> 'hash_key' FROM jsonb_each(coalesce(global_indexes, '{}') || coalesce(local_indexes, '{}'))
		  UNION ALL
		  SELECT value ->> 'range_key' FROM jsonb_each(coalesce(global_indexes, '{}') || coalesce(local_indexes, '{}'))) AS x(k)
	WHERE k IS NOT NULL;
	SELECT jsonb_agg(jsonb_build_object('AttributeName', k, 'AttributeType', coalesce(attribute_types ->> k, 'S')) ORDER BY k)
	INTO definitions FROM (SELECT DISTINCT unnest(key_names) AS k) AS y;
	IF read_capacity IS NOT NULL OR write_capacity IS NOT NULL THEN
		throughput := jsonb_build_object('ReadCapacityUnits', read_capacity, 'WriteCapacityUnits', write_capacity);
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object(
		'TableName', table_name,
		'KeySchema', CASE WHEN range_key IS NULL THEN
				jsonb_build_array(jsonb_build_object('AttributeName', hash_key, 'KeyType', 'HASH'))
			ELSE jsonb_build_array(jsonb_build_object('AttributeName', hash_key, 'KeyType', 'HASH'),
								   jsonb_build_object('AttributeName', range_key, 'KeyType', 'RANGE')) END,
		'AttributeDefinitions', definitions,
		'GlobalSecondaryIndexes', dynamo.index_list(global_indexes, hash_key, throughput),
		'LocalSecondaryIndexes', dynamo.index_list(local_indexes, hash_key, NULL),
		'BillingMode', CASE WHEN throughput IS NULL THEN 'PAY_PER_REQUEST' ELSE 'PROVISIONED' END,
		'ProvisionedThroughput', throughput,
		'StreamSpecification', CASE WHEN stream_view_type IS NOT NULL THEN
			jsonb_build_object('StreamEnabled', true, 'StreamViewType', stream_view_type) END,
		'Tags', (SELECT jsonb_agg(jsonb_build_object('Key', t.key, 'Value', t.value) ORDER BY t.key) FROM jsonb_each_text(tags) AS t(key, value)),
		'DeletionProtectionEnabled', deletion_protection));
END $$;
COMMENT ON FUNCTION dynamo.create_table_body IS 'the body of a CreateTable request';

CREATE OR REPLACE FUNCTION dynamo.create_table(table_name text, hash_key text, range_key text DEFAULT NULL,
	attribute_types jsonb DEFAULT '{}', global_indexes jsonb DEFAULT NULL, local_indexes jsonb DEFAULT NULL,
	read_capacity bigint DEFAULT NULL, write_capacity bigint DEFAULT NULL, stream_view_type text DEFAULT NULL,
	tags jsonb DEFAULT NULL, deletion_protection boolean DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	body pg_catalog.jsonb := dynamo.create_table_body(table_name, hash_key, range_key, attribute_types, global_indexes, local_indexes,
		read_capacity, write_capacity, stream_view_type, tags, deletion_protection);
BEGIN
	-- A call by itself, so that the context of an error is one line.
	RETURN dynamo.request('CreateTable', body) -> 'TableDescription';
END $$;
COMMENT ON FUNCTION dynamo.create_table IS
'creates a table; key attributes are strings unless attribute_types says N or B; indexes as {"Name": {"hash_key": ..., "range_key": ...}}';

CREATE OR REPLACE FUNCTION dynamo.describe_table(table_name text) RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.request('DescribeTable', jsonb_build_object('TableName', table_name)) -> 'Table';
END;
COMMENT ON FUNCTION dynamo.describe_table IS 'the API''s description of a table';

CREATE OR REPLACE FUNCTION dynamo.delete_table(table_name text) RETURNS jsonb LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dynamo.request('DeleteTable', jsonb_build_object('TableName', table_name)) -> 'TableDescription';
END;
COMMENT ON FUNCTION dynamo.delete_table IS 'drops a table with its items and indexes';

CREATE OR REPLACE FUNCTION dynamo.list_tables() RETURNS SETOF text LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	reply pg_catalog.jsonb;
	body pg_catalog.jsonb := '{}';
BEGIN
	LOOP
		reply := dynamo.request('ListTables', body);
		RETURN QUERY SELECT jsonb_array_elements_text(reply -> 'TableNames');
		EXIT WHEN (reply ? 'LastEvaluatedTableName') IS NOT TRUE;
		body := jsonb_build_object('ExclusiveStartTableName', reply ->> 'LastEvaluatedTableName');
	END LOOP;
END $$;
COMMENT ON FUNCTION dynamo.list_tables IS 'the names of all tables';

CREATE OR REPLACE FUNCTION dynamo.rename_table(table_name text, new_name text) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_rename_table';
COMMENT ON FUNCTION dynamo.rename_table(text, text) IS
'gives a table another name, with its items, indexes, tags, stream and background work';

CREATE OR REPLACE FUNCTION dynamo.adopt_relation(relation regclass, body jsonb) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'dynamo_adopt_relation';
COMMENT ON FUNCTION dynamo.adopt_relation(regclass, jsonb) IS 'makes an item table the table that a CreateTable request describes; see dynamo.adopt_table';

CREATE OR REPLACE FUNCTION dynamo.adopt_table(relation regclass, hash_key text, range_key text DEFAULT NULL,
	attribute_types jsonb DEFAULT '{}', global_indexes jsonb DEFAULT NULL, local_indexes jsonb DEFAULT NULL,
	read_capacity bigint DEFAULT NULL, write_capacity bigint DEFAULT NULL, stream_view_type text DEFAULT NULL,
	tags jsonb DEFAULT NULL, deletion_protection boolean DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	-- a name that PostgreSQL does not take whole is in the comment
	table_name pg_catalog.text := (SELECT CASE WHEN length(c.relname) = 63 AND obj_description(c.oid, 'pg_class') LIKE 'DynamoDB table %'
		THEN substr(obj_description(c.oid, 'pg_class'), 16) ELSE c.relname::pg_catalog.text END FROM pg_class AS c WHERE c.oid = relation);
BEGIN
	PERFORM dynamo.adopt_relation(relation, dynamo.create_table_body(table_name, hash_key, range_key, attribute_types, global_indexes, local_indexes,
		read_capacity, write_capacity, stream_view_type, tags, deletion_protection));
	RETURN dynamo.describe_table(table_name);
END $$;
COMMENT ON FUNCTION dynamo.adopt_table IS
'makes a DynamoDB table of an item table that the catalogue does not know, for example from pg_dump -t; the arguments are those of dynamo.create_table';
