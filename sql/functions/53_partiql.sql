-- PartiQL from SQL, with natural JSON in and out.

CREATE OR REPLACE FUNCTION dynamo.partiql(statement text, parameters jsonb DEFAULT NULL)
RETURNS SETOF jsonb LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	body pg_catalog.jsonb := jsonb_build_object('Statement', statement);
	reply pg_catalog.jsonb;
BEGIN
	IF jsonb_typeof(parameters) IS DISTINCT FROM 'array' AND parameters IS NOT NULL THEN
		RAISE EXCEPTION 'parameters must be a JSON array' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_array_length(parameters) > 0 THEN
		body := body || jsonb_build_object('Parameters',
			(SELECT jsonb_agg(dynamo.to_dynamodb_json(jsonb_build_object('value', value)) -> 'value' ORDER BY position)
			 FROM jsonb_array_elements(parameters) WITH ORDINALITY AS p(value, position)));
	END IF;
	LOOP
		reply := dynamo.request('ExecuteStatement', body);
		RETURN QUERY SELECT dynamo.from_dynamodb_json(value) FROM jsonb_array_elements(reply -> 'Items');
		EXIT WHEN NOT reply ? 'NextToken';
		body := body || jsonb_build_object('NextToken', reply -> 'NextToken');
	END LOOP;
END $$;
COMMENT ON FUNCTION dynamo.partiql IS
'runs a PartiQL statement; returns the items that it selects or gives back, following all pages';
