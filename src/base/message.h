/*
 * Every text that a client can get from us in an error, in one place.
 *
 * They are AWS's own, letter by letter, oddities of grammar and spelling included; how each is known is in
 * docs/errors.md.  Texts of SQL users (ereport) stay where they are raised, as PostgreSQL does it.  A text is a printf
 * format where its name is given to dyn_error with arguments, and the compiler checks these.
 */
#ifndef DYN_MESSAGE_H
#define DYN_MESSAGE_H

/* What many texts begin with. */
#define DYN_MSG_INVALID "One or more parameter values were invalid: "
#define DYN_MSG_ONE_ERROR "1 validation error detected: "

/* The service */
#define DYN_MSG_TRANSACTION_ONGOING "Transaction is ongoing for the item"
#define DYN_MSG_SERVICE_UNAVAILABLE "The service is currently unavailable or busy."
#define DYN_MSG_VERSION_DIFFERS \
	"The database has version %s of extension dynamo, and the server's library is %s: run ALTER EXTENSION dynamo UPDATE"
#define DYN_MSG_REQUEST_FAILED "The request processing has failed because of an unknown error, exception or failure."
#define DYN_MSG_RULE_REFUSES \
	"One or more parameter values were invalid: A rule that the table's owner has put on it refuses this write " \
	"(SQLSTATE %s)"
/* AWS has no text here. */
#define DYN_MSG_OPERATION_NOT_BUILT "%s is not built here: docs/differences.md lists what is not"
#define DYN_MSG_UNEXPECTED_VALUE_TYPE "Unexpected value type in payload"
#define DYN_MSG_MALFORMED_REQUEST "Problems with the request at the HTTP level."
#define DYN_MSG_INTERNAL_ERROR "Internal server error"

/* Query protocol */
#define DYN_MSG_ACTION_UNKNOWN "Could not find operation %s for version %s"
#define DYN_MSG_ACTION_MISSING "The request is missing an action or a required parameter."
#define DYN_MSG_FORM_TOO_LARGE "The parameters are longer than %d bytes"
#define DYN_MSG_FORM_NOT_UTF8 "The parameters are not UTF-8"

/* Signatures */
#define DYN_MSG_HOST_NOT_SIGNED "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
#define DYN_MSG_HEADER_NOT_SIGNED "'%s' must be a 'SignedHeader' in the AWS Authorization."
#define DYN_MSG_ALGORITHM_UNSUPPORTED "Unsupported AWS 'algorithm': '%s' (only AWS4-HMAC-SHA256 for now). "
#define DYN_MSG_DATE_NOT_BASIC_FORMAT \
	"Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601"
#define DYN_MSG_SIGNATURE_EXPIRED "Signature expired: %s is now earlier than %s (%s - %d %s.)"
#define DYN_MSG_SIGNATURE_NOT_YET_CURRENT "Signature not yet current: %s is still later than %s (%s + %d min.)"
#define DYN_MSG_EXPIRES_NOT_A_NUMBER "X-Amz-Expires should be a number"
#define DYN_MSG_EXPIRES_TOO_LONG \
	"X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than " \
	"604800 seconds"
#define DYN_MSG_CREDENTIAL_MALFORMED \
	"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '%s'"
#define DYN_MSG_CREDENTIAL_REGION "Credential should be scoped to a valid region. "
#define DYN_MSG_CREDENTIAL_SERVICE "Credential should be scoped to correct service: '%s'. "
#define DYN_MSG_CREDENTIAL_TERMINATOR "Credential should be scoped with a valid terminator: '"
#define DYN_MSG_CREDENTIAL_DATE \
	"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%.8s', " \
	"from '%s'."
#define DYN_MSG_SIGNATURE_MISMATCH \
	"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access " \
	"Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this " \
	"request should have been\n'%s'\n\nThe String-to-Sign should have been\n'%s'\n"
#define DYN_MSG_TOKEN_INVALID "The security token included in the request is invalid."
#define DYN_MSG_TOKEN_EXPIRED "The security token included in the request is expired"
#define DYN_MSG_BOTH_QUERY_AND_HEADER \
	"Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."
#define DYN_MSG_MISSING_AUTHENTICATION_TOKEN "Request is missing Authentication Token"
#define DYN_MSG_HEADER_NEEDS_CREDENTIAL "Authorization header requires 'Credential' parameter. "
#define DYN_MSG_HEADER_NEEDS_SIGNATURE "Authorization header requires 'Signature' parameter. "
#define DYN_MSG_HEADER_NEEDS_SIGNED_HEADERS "Authorization header requires 'SignedHeaders' parameter. "
#define DYN_MSG_HEADER_NEEDS_DATE \
	"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
#define DYN_MSG_QUERY_MUST_INCLUDE "AWS query-string parameters must include '%s'. "
#define DYN_MSG_REEXAMINE_QUERY "%sRe-examine the query-string parameters."
#define DYN_MSG_HEADER_NO_EQUAL_SIGN \
	"'%s' not a valid key=value pair (missing equal-sign) in Authorization header: '%s'."

/* Parameters */
#define DYN_MSG_MIXED_PARAMETERS \
	"Can not use both expression and non-expression parameters in the same request: Non-expression parameters: " \
	"{%s} Expression parameters: {%s}"
#define DYN_MSG_VALUES_WITHOUT_THESE \
	"ExpressionAttributeValues can only be specified when using expressions: %s %s null"
#define DYN_MSG_KEY_PATH_NOT_SCALAR \
	"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: %s: %s"
#define DYN_MSG_NAMES_CONTAIN_INVALID "ExpressionAttributeNames contains invalid value: "
#define DYN_MSG_VALUES_CONTAIN_INVALID "ExpressionAttributeValues contains invalid value: "
#define DYN_MSG_START_KEY_INVALID "The provided starting key is invalid"
#define DYN_MSG_START_KEY_INVALID_BECAUSE "The provided starting key is invalid: %s"
#define DYN_MSG_START_KEY_INVALID_PREFIX "The provided starting key is invalid: "
#define DYN_MSG_SEGMENT_WITHOUT_TOTAL \
	"The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
#define DYN_MSG_TOTAL_WITHOUT_SEGMENT \
	"The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
#define DYN_MSG_SEGMENT_TOO_LARGE \
	"The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: %d is not less " \
	"than TotalSegments: %d"
#define DYN_MSG_KEY_DOES_NOT_MATCH "The provided key element does not match the schema"
#define DYN_MSG_START_KEY_EXCLUSIVE_INVALID "The provided exclusive start key is invalid: ExclusiveStartKey: %s"
#define DYN_MSG_START_KEY_EXCLUSIVE_OTHER "The provided exclusive start key is invalid"
#define DYN_MSG_START_KEY_VALUE_EMPTY \
	"The provided starting key is invalid: One or more parameter values are not valid. The AttributeValue for a " \
	"key attribute cannot contain an empty %s value. Key: %s"
#define DYN_MSG_START_KEY_RANGE_PREDICATE "The provided starting key does not match the range key predicate"
#define DYN_MSG_START_KEY_AT_MOST_ONE_ROW "The query can return at most one row and cannot be restarted"
#define DYN_MSG_START_KEY_OUTSIDE "The provided starting key is outside query boundaries based on provided conditions"
#define DYN_MSG_COLLECTION_TYPE_UNKNOWN "Unrecognized collection type %s%s"
/* AWS's parser wants a list or map inside a list or map. */
#define DYN_MSG_PARAMETERIZED_CAST \
	"class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class " \
	"(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of " \
	"loader 'bootstrap')"
#define DYN_MSG_UNEXPECTED_FIELD_TYPE "Unexpected field type"
#define DYN_MSG_ONLY_BASE64_STRINGS "only base-64-encoded strings are convertible to bytes"
#define DYN_MSG_UNEXPECTED_TOKEN "Unexpected token received from parser"
#define DYN_MSG_VALIDATION_ERRORS "%d validation error%s detected: %s"
#define DYN_MSG_PARAMETER_REQUIRED "The parameter '%s' is required but was not present in the request"
#define DYN_MSG_MEMBER_NULL "Member must not be null"
#define DYN_MSG_MAP_KEYS_CONSTRAINT "Map keys must satisfy constraint"
#define DYN_MSG_MAP_VALUE_CONSTRAINT "Map value must satisfy constraint"
#define DYN_MSG_MEMBER_CONSTRAINT "Member must satisfy constraint"
#define DYN_MSG_FAILED_CONSTRAINT " at '%s' failed to satisfy constraint: %s"
#define DYN_MSG_NEWER_CONSTRAINT "Value at '%s' failed to satisfy constraint: %s"
#define DYN_MSG_MEMBER_PATTERN "Member must satisfy regular expression pattern: %s"
#define DYN_MSG_MEMBER_MINIMUM "Member must have %s greater than or equal to " INT64_FORMAT
#define DYN_MSG_MEMBER_MAXIMUM "Member must have %s less than or equal to " INT64_FORMAT
#define DYN_MSG_MEMBER_ENUM "Member must satisfy enum value set: ["
#define DYN_MSG_UPDATE_ACTION_UNKNOWN \
	DYN_MSG_ONE_ERROR "Member must satisfy enum value set: [ADD, DELETE, PUT]' for Action"
/* "UPDATE_NEW" is AWS's spelling. */
#define DYN_MSG_RETURN_VALUES_UNKNOWN \
	"Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
#define DYN_MSG_ARN_FORMAT "1 validation error detected: Invalid ARN format in '%s'"
#define DYN_MSG_ARN_PARTITION "1 validation error detected: Invalid AWS partition in '%s'"
#define DYN_MSG_ARN_REGION "1 validation error detected: Invalid AWS region in '%s'"
#define DYN_MSG_ARN_RESOURCE_TYPE "1 validation error detected: Invalid resource type in '%s'"
#define DYN_MSG_ACCESS_DENIED "Access is denied"
#define DYN_MSG_TABLE_CLASS_INVALID \
	"Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, " \
	"STANDARD_INFREQUENT_ACCESS]."
#define DYN_MSG_CAPACITY_ON_DEMAND \
	DYN_MSG_INVALID "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is " \
	"PAY_PER_REQUEST"
#define DYN_MSG_CAPACITY_MISSING \
	DYN_MSG_INVALID "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"
#define DYN_MSG_READ_CAPACITY_BOUNDS "Given value " INT64_FORMAT " for ReadCapacityUnits is out of bounds"
#define DYN_MSG_WRITE_CAPACITY_BOUNDS "Given value " INT64_FORMAT " for WriteCapacityUnits is out of bounds"
#define DYN_MSG_CREATE_ON_DEMAND_PROVISIONED \
	DYN_MSG_INVALID "%s for OnDemandThroughput%s cannot be specified when table BillingMode is PROVISIONED."
#define DYN_MSG_ON_DEMAND_PROVISIONED \
	DYN_MSG_INVALID "%s for OnDemandThroughput%s cannot be specified when the table BillingMode is PROVISIONED"
#define DYN_MSG_ON_DEMAND_RANGE DYN_MSG_INVALID "Requested %s for OnDemandThroughput%s is outside of valid range"
#define DYN_MSG_WARM_BELOW_ON_DEMAND \
	DYN_MSG_INVALID "Requested %s for WarmThroughput for %s is lower than initial throughput for OnDemand. See: " \
	"https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/" \
	"on-demand-capacity-mode.html#on-demand-capacity-mode-initial"
#define DYN_MSG_WARM_BELOW_PROVISIONED \
	DYN_MSG_INVALID "Requested %s for WarmThroughput for %s is lower than %s of ProvisionedThroughput"
#define DYN_MSG_WARM_DECREASED \
	DYN_MSG_INVALID "Requested %s for WarmThroughput for %s is lower than current WarmThroughput, decreasing " \
	"WarmThroughput is not supported"
#define DYN_MSG_TABLE_CAPACITY_QUOTA \
	"The requested %s, " INT64_FORMAT ", is above the per table maximum for the account in %s. Per table maximum: %d. " \
	"Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
#define DYN_MSG_INDEX_CAPACITY_QUOTA \
	"The requested %s for index %s, " INT64_FORMAT ", is above the per index maximum for the account in %s. Per index " \
	"maximum: %d. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
#define DYN_MSG_THROUGHPUT_QUOTA "Subscriber limit exceeded: Requested %s for %s exceeds %s of the account in region %s"
#define DYN_MSG_TOO_MANY_ATTRIBUTE_DEFINITIONS \
	DYN_MSG_INVALID "Number of attributes in AttributeDefinitions exceeds the limit of %d"
#define DYN_MSG_ATTRIBUTE_DEFINED_TWICE "Attribute Name is duplicated: %s"
#define DYN_MSG_FIRST_KEY_NOT_HASH "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
#define DYN_MSG_SECOND_KEY_NOT_RANGE "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
#define DYN_MSG_KEY_ATTRIBUTES_SAME_NAME "The KeySchema contains multiple key attributes with the same name"
#define DYN_MSG_HASH_BEFORE_RANGE \
	DYN_MSG_INVALID "All HASH key attributes must precede RANGE key attributes in the KeySchema"
#define DYN_MSG_TOO_MANY_KEY_ATTRIBUTES \
	DYN_MSG_INVALID "The KeySchema exceeds the maximum allowed number of %s key attributes"
#define DYN_MSG_INDEX_KEY_NO_DEFINITION "Invalid KeySchema: Some index key attribute have no definition"
#define DYN_MSG_INDEX_KEYS_NOT_DEFINED \
	DYN_MSG_INVALID "Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], " \
	"AttributeDefinitions: [%s]"
#define DYN_MSG_HASH_AND_RANGE_SAME_NAME \
	"Both the Hash Key and the Range Key element in the KeySchema have the same name"
#define DYN_MSG_KEY_SCHEMA_TOO_BIG \
	"Key Schema too big.  Key Schema must at most consist of the hash and range key of a table"
#define DYN_MSG_PROJECTION_TYPE_NULL DYN_MSG_INVALID "Unknown ProjectionType: null"
#define DYN_MSG_PROJECTION_WITH_ATTRIBUTES DYN_MSG_INVALID "ProjectionType is %s, but NonKeyAttributes is specified"
#define DYN_MSG_PROJECTION_WITHOUT_ATTRIBUTES \
	DYN_MSG_INVALID "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"
#define DYN_MSG_NON_KEY_ATTRIBUTE_TWICE DYN_MSG_INVALID "Duplicate element in NonKeyAttributes: %s"
#define DYN_MSG_INDEX_CAPACITY_ON_DEMAND \
	DYN_MSG_INVALID "ProvisionedThroughput should not be specified for index: %s when BillingMode is PAY_PER_REQUEST"
#define DYN_MSG_INDEX_CAPACITY_MISSING DYN_MSG_INVALID "ProvisionedThroughput is not specified for index: %s"
#define DYN_MSG_LOCAL_INDEX_WITHOUT_RANGE DYN_MSG_INVALID "Index KeySchema does not have a range key for index: %s"
#define DYN_MSG_LOCAL_INDEX_HASH_KEY \
	DYN_MSG_INVALID "Index KeySchema does not have the same leading hash key as table KeySchema for index: %s. " \
	"index hash key: %s, table hash key: %s"
#define DYN_MSG_INDEX_NAME_TWICE DYN_MSG_INVALID "Duplicate index name: %s"
#define DYN_MSG_LOCAL_INDEXES_EMPTY DYN_MSG_INVALID "List of LocalSecondaryIndexes is empty"
#define DYN_MSG_LOCAL_INDEX_TABLE_WITHOUT_RANGE \
	DYN_MSG_INVALID "Table KeySchema does not have a range key, which is required when specifying a " \
	"LocalSecondaryIndex"
#define DYN_MSG_TOO_MANY_LOCAL_INDEXES DYN_MSG_INVALID "Number of LocalSecondaryIndexes exceeds per-table limit of %d"
#define DYN_MSG_GLOBAL_INDEXES_EMPTY DYN_MSG_INVALID "List of GlobalSecondaryIndexes is empty"
#define DYN_MSG_TOO_MANY_GLOBAL_INDEXES DYN_MSG_INVALID "GlobalSecondaryIndex count exceeds the per-table limit of %d"
#define DYN_MSG_TOO_MANY_NON_KEY_ATTRIBUTES \
	DYN_MSG_INVALID "Number of NonKeyAttributes projected by all indexes exceeds the limit of %d"
#define DYN_MSG_KEYS_AND_DEFINITIONS_COUNT \
	DYN_MSG_INVALID "Number of attributes in KeySchema does not exactly match number of attributes defined in " \
	"AttributeDefinitions"
#define DYN_MSG_DEFINITIONS_NOT_USED \
	DYN_MSG_INVALID "Some AttributeDefinitions are not used. AttributeDefinitions: [%s], keys used: [%s]"
#define DYN_MSG_STREAM_WITHOUT_VIEW_TYPE \
	DYN_MSG_INVALID "Table is being created with a stream enabled, UpdateViewType is required"
#define DYN_MSG_STREAM_DISABLED_WITH_VIEW_TYPE \
	DYN_MSG_INVALID "Table is being created with a stream disabled, UpdateViewType should not be specified"
#define DYN_MSG_SSE_TYPE_DISABLED DYN_MSG_INVALID "SSEType can not be specified if Enabled is false"
#define DYN_MSG_SSE_KEY_DISABLED DYN_MSG_INVALID "KMSMasterKeyId can not be specified if Enabled is false"
#define DYN_MSG_SSE_AES256 DYN_MSG_INVALID "SSEType AES256 is not supported"
#define DYN_MSG_SSE_KEY_WITHOUT_KMS DYN_MSG_INVALID "SSEType KMS is required if KMSMasterKeyId is specified"
#define DYN_MSG_ARN_START DYN_MSG_INVALID "ARNs must start with 'arn:': %s"
#define DYN_MSG_ARN_TABLE_INVALID "Invalid TableArn: Invalid ResourceArn provided as input %s"
#define DYN_MSG_ARN_NOT_DYNAMODB DYN_MSG_INVALID "Provided Arn is not a DynamoDB resource arn: %s"
#define DYN_MSG_ARN_NOT_TABLE \
	DYN_MSG_INVALID "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: %s"
#define DYN_MSG_ARN_NOT_FOUND "Requested resource not found: ResourceArn: %s not found"
#define DYN_MSG_TAG_VALUE_INVALID "The Tag Value provided is invalid, Value: %s"
#define DYN_MSG_TAG_KEY_TWICE "Duplicate Tag Keys provided as input: Duplicate Tag Key found %s"
#define DYN_MSG_TOO_MANY_TAGS "Number of Tags exceed the current limit for the provided ResourceArn"
#define DYN_MSG_TAG_KEY_AWS "Tag Key cannot be prefixed with aws:, Key: %s"
#define DYN_MSG_TAG_KEY_INVALID "The Tag Key provided is invalid, Key: %s"
#define DYN_MSG_UPDATE_NOTHING \
	"At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, " \
	"SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, %sDeletionProtectionEnabled, " \
	"OnDemandThroughput, WarmThroughput or TableClass is required"
#define DYN_MSG_UPDATE_ALONE DYN_MSG_INVALID "%s must be the only operation in the request"
#define DYN_MSG_UPDATE_ON_DEMAND_ALONE \
	DYN_MSG_INVALID "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"
#define DYN_MSG_UPDATE_WARM_AND_INDEX \
	DYN_MSG_INVALID "Create global secondary index cannot be specified when updating WarmThroughput"
#define DYN_MSG_UPDATE_STREAM_AND_CAPACITY DYN_MSG_INVALID "You cannot modify stream status while updating table IOPS"
#define DYN_MSG_UPDATE_INDEX_AND_CAPACITY DYN_MSG_INVALID "You cannot create or delete index while updating table IOPS"
#define DYN_MSG_UPDATE_INDEX_AND_STREAM \
	DYN_MSG_INVALID "You cannot create or delete index while changing stream status"
#define DYN_MSG_UPDATE_CAPACITY_ON_DEMAND \
	DYN_MSG_INVALID "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST"
#define DYN_MSG_INDEX_UPDATES_EMPTY DYN_MSG_INVALID "List of GlobalSecondaryIndexUpdates is empty"
#define DYN_MSG_INDEX_UPDATE_WARM_EMPTY \
	DYN_MSG_INVALID "WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for " \
	"index: %s"
#define DYN_MSG_INDEX_UPDATE_ON_DEMAND \
	DYN_MSG_INVALID "The only Updates for index: %s when TableThroughputMode is PAY_PER_REQUEST can be to " \
	"OnDemandThroughput, WarmThroughput"
#define DYN_MSG_NEW_INDEX_CAPACITY_ON_DEMAND \
	DYN_MSG_INVALID \
		"Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: %s when BillingMode is " \
		"PAY_PER_REQUEST"
#define DYN_MSG_NEW_INDEX_CAPACITY_MISSING \
	DYN_MSG_INVALID "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: %s"
#define DYN_MSG_NEW_INDEX_WITHOUT_DEFINITIONS DYN_MSG_INVALID "AttributeDefinitions is not specified for index: %s"
#define DYN_MSG_TOO_MANY_GLOBAL_INDEXES_NOW \
	"Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of %d"
#define DYN_MSG_STREAM_ENABLE_WITHOUT_VIEW_TYPE \
	DYN_MSG_INVALID "If stream is being enabled then UpdateViewType is required"
#define DYN_MSG_STREAM_DISABLE_WITH_VIEW_TYPE \
	DYN_MSG_INVALID "If stream is being disabled, then UpdateViewType must not be specified"
#define DYN_MSG_ENCRYPTED_BY_DEFAULT DYN_MSG_INVALID "Table is already encrypted by default"
#define DYN_MSG_ENCRYPTED_WITH_KEY \
	DYN_MSG_INVALID "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to " \
	"change Master Key"
#define DYN_MSG_REPLICA_ACTIONS_MISSING "There are no actions specified in the Replica Update Action of the request."
#define DYN_MSG_VECTOR_INDEXES_UNSUPPORTED DYN_MSG_INVALID "Vector indexes are not supported here"
#define DYN_MSG_POLICY_UNSUPPORTED DYN_MSG_INVALID "ResourcePolicy is not supported here"
#define DYN_MSG_REPLICAS_UNSUPPORTED DYN_MSG_INVALID "ReplicaUpdates is not supported here"
#define DYN_MSG_UPDATE_CAPACITY_MISSING \
	DYN_MSG_INVALID "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
#define DYN_MSG_INDEX_UPDATE_EMPTY \
	DYN_MSG_INVALID "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, " \
	"GlobalSecondaryIndexUpdate.Delete must not be null"
#define DYN_MSG_INDEX_UPDATE_SEVERAL \
	DYN_MSG_INVALID "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object"
#define DYN_MSG_INDEX_UPDATED_TWICE \
	DYN_MSG_INVALID "Only one global secondary index update per index is allowed simultaneously. Index: %s"
#define DYN_MSG_UPDATE_INDEX_CAPACITY_MISSING DYN_MSG_INVALID "ProvisionedThroughput must be specified for index: %s"
#define DYN_MSG_CAPACITY_SAME \
	"The provisioned throughput for the %s will not change. The requested value equals the current value. Current " \
	"ReadCapacityUnits provisioned for the %s: " INT64_FORMAT ". Requested ReadCapacityUnits: " INT64_FORMAT ". " \
	"Current WriteCapacityUnits provisioned for the %s: " INT64_FORMAT ". Requested WriteCapacityUnits: " \
	INT64_FORMAT ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher " \
	"limits."
#define DYN_MSG_CAPACITY_DECREASES \
	"Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. After the " \
	"first %d decreases, each subsequent decrease in the same UTC day can be performed at most once every %d " \
	"seconds. Number of decreases today: %d. Last decrease at %s. Next decrease can be made at %s"
#define DYN_MSG_INDEX_OF_TABLE_NOT_FOUND "Requested resource not found: Index %s for table %s"
#define DYN_MSG_STREAM_ENABLED_ALREADY "Table already has an enabled stream: TableName: %s"
#define DYN_MSG_STREAM_NOT_ENABLED "Table has no stream to disable: TableName: %s"
#define DYN_MSG_ONE_INDEX_AT_ONCE \
	"Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
#define DYN_MSG_INDEX_EXISTS "Attempting to create an index which already exists"
#define DYN_MSG_INDEX_NOT_GLOBAL "Cannot %s an index that is not a GlobalSecondaryIndex: %s"
#define DYN_MSG_INDEX_BEING_DELETED "Attempt to change a resource which is still in use: Index is being deleted: %s"
#define DYN_MSG_ATTRIBUTE_REDEFINED \
	DYN_MSG_INVALID "Attributes cannot be redefined. Please check that your attribute has the same type as " \
	"previously defined. Existing schema: %s New schema: %s"

/* Values and items */
#define DYN_MSG_ATTRIBUTE_NAME_EMPTY "Empty attribute name"
#define DYN_MSG_NAMES_EMPTY_NAME DYN_MSG_NAMES_CONTAIN_INVALID DYN_MSG_ATTRIBUTE_NAME_EMPTY " for key %s"
#define DYN_MSG_ATTRIBUTE_NAME_TOO_LONG "Attribute name is too large, must be less than %d bytes"
#define DYN_MSG_TOO_DEEP "Nesting Levels have exceeded supported limits"
#define DYN_MSG_ITEM_TOO_DEEP \
	"Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported " \
	"limit"
#define DYN_MSG_VALUE_WITHOUT_TYPE \
	"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
#define DYN_MSG_NULL_NOT_TRUE DYN_MSG_INVALID "Null attribute value types must have the value of true"
#define DYN_MSG_STRING_SET_EMPTY DYN_MSG_INVALID "An string set  may not be empty"
#define DYN_MSG_NUMBER_SET_EMPTY DYN_MSG_INVALID "An number set  may not be empty"
#define DYN_MSG_BINARY_SET_EMPTY DYN_MSG_INVALID "Binary sets should not be empty"
#define DYN_MSG_BASE64_LENGTH "Base64 encoded length is expected a multiple of 4 bytes but found: %d"
#define DYN_MSG_BASE64_CHARACTER "Invalid base 64 character: '%s'"
#define DYN_MSG_BASE64_LAST_CHARACTER "Invalid last non-pad Base64 character dectected"
#define DYN_MSG_UNEXPECTED_LIST "Start of list found where not expected"
#define DYN_MSG_UNEXPECTED_STRUCTURE "Start of structure or map found where not expected"
#define DYN_MSG_CANNOT_BE_CONVERTED "%s cannot be converted to %s"
#define DYN_MSG_NUMBER_SET_DUPLICATES DYN_MSG_INVALID "Input collection contains duplicates."
#define DYN_MSG_NUMBER_SET_DUPLICATES_OLDER "Input collection contains duplicates"
#define DYN_MSG_SET_DUPLICATES DYN_MSG_INVALID "Input collection [%s]%s contains duplicates."
#define DYN_MSG_STORED_MAP_NOT_WRAPPED \
	DYN_MSG_INVALID "An object whose only key is \"%s\" must be wrapped: {\"$M\": {...}}"
#define DYN_MSG_STORED_NAME_TWICE "Two attributes have the same name in stored form"
#define DYN_MSG_STORED_BINARY "\"$B\" must hold a string in base64"
#define DYN_MSG_STORED_MAP "\"$M\" must hold an object"
#define DYN_MSG_STORED_SET_EMPTY "\"$SS\", \"$NS\" and \"$BS\" must hold an array with at least one element"
#define DYN_MSG_STORED_SET_MEMBER "\"$SS\" must hold strings, \"$NS\" numbers, \"$BS\" strings in base64"
#define DYN_MSG_STORED_ITEM_NO_OBJECT DYN_MSG_INVALID "An item must be a JSON object"
#define DYN_MSG_ITEM_TOO_LARGE "Item size has exceeded the maximum allowed size"
#define DYN_MSG_NUMBER_EMPTY "The parameter cannot be converted to a numeric value"	/* the older layer's */
#define DYN_MSG_NUMBER_SYNTAX "The parameter cannot be converted to a numeric value: %s"
#define DYN_MSG_NUMBER_OVERFLOW \
	"Number overflow. Attempting to store a number with magnitude larger than supported range"
#define DYN_MSG_NUMBER_UNDERFLOW \
	"Number underflow. Attempting to store a number with magnitude smaller than supported range"
#define DYN_MSG_NUMBER_PRECISION "Attempting to store more than 38 significant digits in a Number"

/* Keys */
#define DYN_MSG_INDEX_ENTRY_TOO_LARGE \
	DYN_MSG_INVALID "The key attributes of the item in index %s take %d bytes together, more than the %d that an " \
	"index entry holds"
#define DYN_MSG_KEY_MISSING_IN_ITEM DYN_MSG_INVALID "Missing the key %s in the item"
#define DYN_MSG_KEY_TYPE_MISMATCH DYN_MSG_INVALID "Type mismatch for key %s expected: %s actual: %s"
#define DYN_MSG_INDEX_KEY_TYPE_MISMATCH \
	DYN_MSG_INVALID "Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s"
#define DYN_MSG_INDEX_KEY_VALUE_EMPTY \
	"One or more parameter values are not valid. A value specified for a secondary index key is not supported. The " \
	"AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s"
#define DYN_MSG_UPDATED_INDEX_KEY_TYPE \
	"The update expression attempted to update the secondary index key to unsupported type"
#define DYN_MSG_UPDATED_INDEX_KEY_TOO_LONG \
	"The update expression attempted to update the secondary index key beyond allowed size limits"
#define DYN_MSG_UPDATED_INDEX_KEY_EMPTY \
	"One or more parameter values are not valid. The update expression attempted to update a secondary index key to a " \
	"value that is not supported. The AttributeValue for a key attribute cannot contain an empty %s value."
#define DYN_MSG_HASH_KEY_TOO_LONG DYN_MSG_INVALID "Size of hashkey has exceeded the maximum size limit of%d bytes"
#define DYN_MSG_RANGE_KEY_TOO_LONG \
	DYN_MSG_INVALID "Aggregated size of all range keys has exceeded the size limit of %d bytes"

/* Expressions and legacy parameters */
#define DYN_MSG_SUBSTITUTIONS_TOO_LARGE "%s exceeds max size"
#define DYN_MSG_NAMES_WITHOUT_EXPRESSION "ExpressionAttributeNames can only be specified when using expressions"
#define DYN_MSG_VALUES_WITHOUT_EXPRESSION "ExpressionAttributeValues can only be specified when using expressions"
#define DYN_MSG_NAMES_EMPTY "ExpressionAttributeNames must not be empty"
#define DYN_MSG_VALUES_EMPTY "ExpressionAttributeValues must not be empty"
#define DYN_MSG_MAP_EMPTY_KEY "%s contains invalid key: The expression attribute map contains an empty key;"
#define DYN_MSG_MAP_KEY_SYNTAX "%s contains invalid key: Syntax error; key: \"%s\""
#define DYN_MSG_MAP_LONG_KEY "%s contains invalid key: The expression attribute map contains a key that is too long;"
#define DYN_MSG_MAP_LONG_KEY_SIZE DYN_MSG_MAP_LONG_KEY " size of key: %d"
#define DYN_MSG_MAP_KEY_UNUSED "Value provided in %s unused in expressions: keys: {%s}"
#define DYN_MSG_REDUNDANT_PARENTHESES "The expression has redundant parentheses;"
#define DYN_MSG_TOO_MANY_OPERATORS "The expression contains too many operators; operator count: %d"
#define DYN_MSG_FUNCTION_UNKNOWN "Invalid function name; function: %s"
#define DYN_MSG_FUNCTION_NOT_IN_CONDITION "The function is not allowed in a condition expression; function: %s"
#define DYN_MSG_FUNCTION_MISUSED "The function is not allowed to be used this way in an expression; function: %s"
#define DYN_MSG_FUNCTION_NOT_IN_UPDATE "The function is not allowed in an update expression; function: %s"
#define DYN_MSG_LIST_INDEX_RANGE "List index is not within the allowable range; index: [%s]"
#define DYN_MSG_RESERVED_KEYWORD "Attribute name is a reserved keyword; reserved keyword: %s"
#define DYN_MSG_NAME_NOT_DEFINED \
	"An expression attribute name used in the document path is not defined; attribute name: %s"
#define DYN_MSG_PATH_TOO_DEEP "The document path has too many nesting levels; nesting levels: %d"
#define DYN_MSG_VALUE_NOT_DEFINED "An expression attribute value used in expression is not defined; attribute value: %s"
#define DYN_MSG_IN_TOO_MANY_OPERANDS "The IN operator is provided with too many operands; number of operands: %d"
#define DYN_MSG_OPERAND_COUNT \
	"Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d"
#define DYN_MSG_OPERAND_NOT_DISTINCT \
	"The first operand must be distinct from the remaining operands for this operator or function; operator: %s, " \
	"first operand: %s"
#define DYN_MSG_OPERAND_TYPE \
	"Incorrect operand type for operator or function; operator or function: %s, operand type: %s"
#define DYN_MSG_ATTRIBUTE_TYPE_UNKNOWN \
	"Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
#define DYN_MSG_OPERATOR_NEEDS_PATH "Operator or function requires a document path; operator or function: %s"
#define DYN_MSG_BETWEEN_BOUNDS "The BETWEEN operator requires %s; lower bound operand: %s, upper bound operand: %s"
#define DYN_MSG_EXPRESSION_EMPTY "The expression can not be empty;"
#define DYN_MSG_EXPRESSION_TOO_LONG "Expression size has exceeded the maximum allowed size;"
#define DYN_MSG_CONDITION_TOO_LONG "Invalid %s: " DYN_MSG_EXPRESSION_TOO_LONG " expression size: %d"
#define DYN_MSG_SYNTAX_ERROR "Syntax error; token: \"%s\", near: \"%s\""
#define DYN_MSG_ONE_CONDITION_PER_KEY "KeyConditionExpressions must only contain one condition per key"
#define DYN_MSG_KEY_CONDITION_OPERATOR "Invalid operator used in KeyConditionExpression: %s"
#define DYN_MSG_KEY_CONDITION_FIRST_OPERAND \
	"Invalid condition in KeyConditionExpression: %s operator must have the key attribute as its first operand"
#define DYN_MSG_KEY_CONDITION_NESTED "KeyConditionExpressions cannot contain nested operations"
#define DYN_MSG_KEY_CONDITION_TWO_ATTRIBUTES \
	"Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
#define DYN_MSG_KEY_CONDITION_NESTED_ATTRIBUTE "KeyConditionExpressions cannot have conditions on nested attributes"
#define DYN_MSG_KEY_CONDITION_NO_KEY "Invalid condition in KeyConditionExpression: No key attribute specified"
#define DYN_MSG_CONDITIONS_ONE_OR_TWO "Conditions can be of length 1 or 2 only"
#define DYN_MSG_CONDITIONS_TOO_MANY \
	"The number of query conditions (%d) exceeds the number of key attributes defined in the schema (%d)"
#define DYN_MSG_CONDITION_TYPE_MISMATCH DYN_MSG_INVALID "Condition parameter type does not match schema type"
#define DYN_MSG_KEY_VALUE_EMPTY \
	"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s " \
	"value. Key: %s"
#define DYN_MSG_KEY_CONDITION_MISSED "Query condition missed key schema element: %s"
#define DYN_MSG_KEY_CONDITION_UNSUPPORTED "Query key condition not supported"
#define DYN_MSG_HASH_KEYS_NEED_EQUALITY "HASH key attributes %s must have equality conditions specified in the query"
#define DYN_MSG_RANGE_KEYS_NEED_EQUALITY \
	"RANGE key attributes %s must have equality conditions specified in the query because a condition is present " \
	"on key attribute %s"
#define DYN_MSG_ARGUMENT_COUNT DYN_MSG_INVALID "Invalid number of argument(s) for the %s ComparisonOperator"
#define DYN_MSG_COMPARISON_UNKNOWN DYN_MSG_INVALID "Invalid comparison operator"
#define DYN_MSG_COMPARISON_TYPE DYN_MSG_INVALID "ComparisonOperator %s is not valid for %s AttributeValue type"
#define DYN_MSG_ARGUMENTS_OF_TWO_TYPES DYN_MSG_INVALID "AttributeValues inside AttributeValueList must be of same type"
#define DYN_MSG_COMPARISON_BETWEEN_BOUNDS \
	"The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
#define DYN_MSG_VALUE_LIST_WITHOUT_COMPARISON \
	DYN_MSG_INVALID "AttributeValueList can only be used with a ComparisonOperator for Attribute: %s"
#define DYN_MSG_VALUE_WITH_EXISTS_FALSE DYN_MSG_INVALID "Value cannot be used when Exists is false for Attribute: %s"
#define DYN_MSG_VALUE_MISSING_FOR_EXISTS DYN_MSG_INVALID "Value must be provided when Exists is %s for Attribute: %s"
#define DYN_MSG_VALUE_AND_VALUE_LIST \
	DYN_MSG_INVALID "Value and AttributeValueList cannot be used together for Attribute: %s"
#define DYN_MSG_EXISTS_AND_COMPARISON \
	DYN_MSG_INVALID "Exists and ComparisonOperator cannot be used together for Attribute: %s"
#define DYN_MSG_COMPARISON_WITHOUT_VALUE \
	DYN_MSG_INVALID "Value or AttributeValueList must be used with ComparisonOperator: %s for Attribute: %s"
#define DYN_MSG_COMPARISON_MISSING DYN_MSG_INVALID "ComparisonOperator must be specified for Attribute: %s"
#define DYN_MSG_COMPARISON_NOT_INDEXABLE "Attempted conditional constraint is not an indexable operation"
#define DYN_MSG_CONDITIONAL_OPERATOR_ALONE "ConditionalOperator cannot be used without Filter or Expected"
#define DYN_MSG_CONDITIONAL_OPERATOR_TOO_FEW \
	"ConditionalOperator can only be used when Filter or Expected has two or more elements"
#define DYN_MSG_ONLY_DELETE_WITHOUT_VALUE \
	DYN_MSG_INVALID "Only DELETE action is allowed when no attribute value is specified"
#define DYN_MSG_DELETE_TYPE DYN_MSG_INVALID "DELETE action with value is not supported for the type %s"
#define DYN_MSG_ADD_TYPE DYN_MSG_INVALID "ADD action is not supported for the type %s"
#define DYN_MSG_ATTRIBUTE_NAME_TWICE DYN_MSG_INVALID "Duplicate value in attribute name: %s"
#define DYN_MSG_PATHS_CONFLICT \
	"Two document paths %s with each other; must remove or rewrite one of these paths; path one: %s, path two: %s"
#define DYN_MSG_SECTION_TWICE "The \"%s\" section can only be used once in an update expression;"
#define DYN_MSG_UPDATE_OPERAND_TYPE \
	"Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet: " \
	"ALLOWED_FOR_%s_OPERAND"
#define DYN_MSG_UPDATE_PATH_INVALID "The document path provided in the update expression is invalid for update"
#define DYN_MSG_UPDATE_TYPE_MISMATCH "Type mismatch for attribute to update"
#define DYN_MSG_UPDATE_OPERAND_INCORRECT "An operand in the update expression has an incorrect data type"
#define DYN_MSG_UPDATED_ITEM_TOO_LARGE "Item size to update has exceeded the maximum allowed size"
#define DYN_MSG_EXPRESSION_ATTRIBUTE_MISSING \
	"The provided expression refers to an attribute that does not exist in the item"

/* Reading, writing, transactions, streams */
#define DYN_MSG_DUPLICATE_KEYS "Provided list of item keys contains duplicates"
#define DYN_MSG_BATCH_GET_EMPTY \
	DYN_MSG_ONE_ERROR "Value at 'RequestItems' failed to satisfy constraint: Member must have length greater than or " \
	"equal to 1"
#define DYN_MSG_BATCH_WRITE_EMPTY "The requestItems parameter is required for BatchWriteItem"
#define DYN_MSG_BATCH_GET_KEYS_EMPTY \
	DYN_MSG_ONE_ERROR "Value at 'RequestItems.%s.member.Keys' failed to satisfy constraint: Member must have length " \
	"greater than or equal to 1"
#define DYN_MSG_BATCH_GET_KEYS_TOO_MANY \
	DYN_MSG_ONE_ERROR "Value at 'RequestItems.%s.member.Keys' failed to satisfy constraint: Member must have length " \
	"less than or equal to 100"
#define DYN_MSG_BATCH_GET_TOO_MANY "Too many items requested for the BatchGetItem call"
#define DYN_MSG_VALUE_SEVERAL_TYPES \
	"Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
#define DYN_MSG_BATCH_WRITE_TOO_MANY "Too many items requested for the BatchWriteItem call"
#define DYN_MSG_CANNOT_UPDATE_KEY DYN_MSG_INVALID "Cannot update attribute %s. This attribute is part of the key"
#define DYN_MSG_INDEX_NOT_FOUND "The table does not have the specified index: %s"
#define DYN_MSG_INDEX_BACKFILLING "Cannot read from backfilling global secondary index: %s"
#define DYN_MSG_CONSISTENT_READ_OF_GLOBAL_INDEX "Consistent reads are not supported on global secondary indexes"
#define DYN_MSG_SELECT_SPECIFIC_NEEDS_ATTRIBUTES \
	"Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
#define DYN_MSG_SELECT_WITH_ATTRIBUTES "Cannot specify the %s when choosing to get %s"
#define DYN_MSG_SELECT_PROJECTED_NEEDS_INDEX \
	"ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"
#define DYN_MSG_SELECT_ALL_NOT_PROJECTED \
	DYN_MSG_INVALID "Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its " \
	"projection type is not ALL"
#define DYN_MSG_INDEX_DOES_NOT_PROJECT DYN_MSG_INVALID "Global secondary index %s does not project [%s]"
#define DYN_MSG_INDEX_DOES_NOT_PROJECT_FILTER \
	DYN_MSG_INVALID "Secondary index %s does not project one or more filter attributes: [%s]"
#define DYN_MSG_QUERY_FILTER_ON_KEY "QueryFilter can only contain non-primary key attributes: Primary key attribute: %s"
#define DYN_MSG_FILTER_ON_KEY "Filter Expression can only contain non-primary key attributes: Primary key attribute: %s"
#define DYN_MSG_START_KEY_WRONG_SEGMENT \
	"The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct " \
	"Segment. TotalSegments: %d Segment: %d"
#define DYN_MSG_PARAMETER_COUNT "Number of parameters in request and statement don't match."
#define DYN_MSG_DUPLICATE_PRIMARY_KEY "Duplicate primary key exists in table"
#define DYN_MSG_CONDITION_FAILED "The conditional request failed"
#define DYN_MSG_EXISTS_NOT_HERE "EXISTS can only be used in ExecuteTransaction write requests."
#define DYN_MSG_PARTIQL_CONSISTENT_READ "Strongly consistent read is not supported on Global Secondary Indexes"
#define DYN_MSG_NEXT_TOKEN_INVALID "Invalid NextToken"
#define DYN_MSG_NEXT_TOKEN_OF_OTHER_REQUEST "NextToken does not match request"
#define DYN_MSG_STREAM_ARN_INVALID "Invalid StreamArn"
#define DYN_MSG_TABLE_WITHOUT_STREAM "Requested resource not found: Table: %s has no stream"
#define DYN_MSG_RECORD_LIMIT \
	"1 validation error detected: Value '%lld' at 'limit' failed to satisfy constraint: Member must have value " \
	"less than or equal to %d"
#define DYN_MSG_ITERATOR_EXPIRED \
	"The shard iterator has expired and can no longer be used to retrieve stream records. A shard iterator expires " \
	"15 minutes after it is retrieved using the GetShardIterator action."
#define DYN_MSG_RECORDS_TRIMMED "The operation attempted to read past the oldest stream record in a shard."
#define DYN_MSG_STREAM_NOT_FOUND "Requested resource not found: Stream: %s not found"
#define DYN_MSG_ITERATOR_INVALID "Invalid ShardIterator"
#define DYN_MSG_TABLE_BEING_UPDATED "Attempt to change a resource which is still in use: Table is being updated: %s"
#define DYN_MSG_TOKEN_OTHER_REQUEST \
	"Specified idempotent token was used with different request parameters within the idempotency window"
#define DYN_MSG_TRANSACTION_ITEM_TWICE "Transaction request cannot include multiple operations on one item"
#define DYN_MSG_RESOURCE_NOT_FOUND "Requested resource not found"
#define DYN_MSG_TRANSACTION_CANCELED "Transaction cancelled, please refer cancellation reasons for specific reasons ["

/* Throttling */
#define DYN_MSG_THROUGHPUT_OF_TABLE \
	"The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning " \
	"level with the UpdateTable API."
#define DYN_MSG_THROUGHPUT_OF_INDEX \
	"The level of configured provisioned throughput for one or more global secondary indexes of the table was " \
	"exceeded. Consider increasing your provisioning level for the under-provisioned global secondary indexes with the " \
	"UpdateTable API"
#define DYN_MSG_THROUGHPUT_ON_DEMAND "Throughput exceeds the maximum OnDemandThroughput configured on table or index"

/* Tables */
#define DYN_MSG_TABLE_EXISTS "Table already exists: %s"
#define DYN_MSG_TABLE_NOT_FOUND "Requested resource not found: Table: %s not found"
#define DYN_MSG_STREAM_LABEL_TAKEN \
	"Table already exists: %s: a stream of it has the label of a stream of the renamed table"
#define DYN_MSG_TABLE_IS_PARTITION \
	"Table is being used: %s: it is a partition of a table in SQL, to which no column can be added"
#define DYN_MSG_TABLE_DAMAGED "Requested resource not found: Table: %s is damaged: %s"

/* Operations */
#define DYN_MSG_BATCH_SELECT_NEEDS_KEY \
	"Select statements within BatchExecuteStatement must specify the primary key in the where clause."
#define DYN_MSG_BATCH_READ_AND_WRITE "Read and write requests together in the same batch is not supported."
#define DYN_MSG_TABLE_PROTECTED \
	"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
#define DYN_MSG_BACKUP_TABLE_NOT_FOUND "Table not found: %s"
#define DYN_MSG_RECOVERY_PERIOD_WITHOUT_RECOVERY \
	"Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery."
#define DYN_MSG_RECOVERY_UNSUPPORTED DYN_MSG_INVALID "Point-in-time recovery is not supported here"
#define DYN_MSG_INSIGHTS_INDEX_NAME "IndexName must be at least 3 characters long and at most 255 characters long"
#define DYN_MSG_INSIGHTS_INDEX_NOT_FOUND "Requested resource not found: Index: %s not found for table: %s"
#define DYN_MSG_POLICY_NOT_FOUND "Resource-based policy not found for the provided ResourceArn: %s"
#define DYN_MSG_POLICY_ARN_INVALID DYN_MSG_INVALID "Invalid resource Arn: %s"
#define DYN_MSG_POLICY_ARN_ACCOUNT \
	"This action is only supported by accounts that match the resource owner\xe2\x80\x99s account."
#define DYN_MSG_POLICY_ARN_INDEX \
	DYN_MSG_INVALID "Invalid resource arn provided, only table or stream is accepted. Provided resource arn: %s"
#define DYN_MSG_POLICY_STREAM_NOT_FOUND "Requested resource not found: Stream: %s not found for Table: %s"
#define DYN_MSG_SHARD_FILTER_INCOMPLETE "ShardFilter must have both Type and ShardId"
#define DYN_MSG_SHARD_NOT_FOUND "Requested resource not found: Shard does not exist"
#define DYN_MSG_TRANSACTION_READ_AND_WRITE \
	"ExecuteTransaction API does not support both read and write operations in the same request."
#define DYN_MSG_TRANSACTION_UNSUPPORTED "Unsupported operation in transaction."
#define DYN_MSG_TRANSACTION_RETURNING \
	"Validation failed in TransactStatements[%d]: RETURNING clause is not supported in ExecuteTransaction."
#define DYN_MSG_TRANSACTION_INDEX_WRITE "Operations on indices are not supported in transactions"
#define DYN_MSG_TRANSACTION_INDEX_READ "Reads on indices are not supported within transactions."
#define DYN_MSG_TRANSACTION_EXISTS "EXISTS() must contain a single item read with additional condition"
#define DYN_MSG_TRANSACTION_SELECT_NEEDS_KEY \
	"Select statements within ExecuteTransaction must specify the primary key in the where clause."
#define DYN_MSG_TRANSACTION_STATEMENT_FAULT "Validation failed in TransactStatements[%d]: %s"
#define DYN_MSG_STATEMENT_CONDITION_FAILED "The conditional request failed."
#define DYN_MSG_REPLY_TOO_LARGE "Payload in response is too large."
#define DYN_MSG_ITERATOR_NO_TIMESTAMP "Timestamp cannot be null"
#define DYN_MSG_ITERATOR_FUTURE_TIMESTAMP "Timestamp cannot be in the future"
#define DYN_MSG_ITERATOR_SURPLUS_SEQUENCE_NUMBER \
	DYN_MSG_INVALID "SequenceNumber should not be passed for this iterator type"
#define DYN_MSG_ITERATOR_NO_SEQUENCE_NUMBER DYN_MSG_INVALID "Invalid SequenceNumber"
#define DYN_MSG_SEQUENCE_NUMBER_INVALID "Invalid SequenceNumber"
#define DYN_MSG_QUERY_WITHOUT_KEY_CONDITION \
	"Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
#define DYN_MSG_TAG_MISSING "Atleast one Tag needs to be provided as Input."
#define DYN_MSG_TRANSACTION_TOO_LARGE "Transaction payload size cannot exceed 4MB. Payload Size: " INT64_FORMAT
#define DYN_MSG_TRANSACT_ITEM_SEVERAL "TransactItems can only contain one of Check, Put, Update or Delete"
#define DYN_MSG_TRANSACT_ITEM_NONE \
	"Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
#define DYN_MSG_TAG_KEY_MISSING "Atleast one Tag Key needs to be provided as Input."
#define DYN_MSG_TTL_CHANGED_TOO_OFTEN "Time to live has been modified multiple times within a fixed interval"
#define DYN_MSG_TTL_DISABLED_ALREADY "TimeToLive is already disabled"
#define DYN_MSG_TTL_OTHER_ATTRIBUTE "TimeToLive is active on a different AttributeName: current AttributeName is %s"
#define DYN_MSG_TTL_ENABLED_ALREADY "TimeToLive is already enabled"
#define DYN_MSG_RETURN_VALUES_OLD_OR_NONE "ReturnValues can only be ALL_OLD or NONE"

/* PartiQL */
#define DYN_MSG_PARTIQL_KEY_NOT_SCALAR \
	"Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: %s%s"
#define DYN_MSG_PARTIQL_KEY_VALUE_TYPE "Key value must be of type S, N, or B. Key name: %s, Key type: %s"
#define DYN_MSG_PARTIQL_KEY_TYPE "Key attribute's data type should match its data type in table's schema: Key %s"
#define DYN_MSG_PARTIQL_OVERLAP "Overlapping conditions with range keys are not supported in where clause"
#define DYN_MSG_PARTIQL_SEVERAL_KEY_ATTRIBUTES \
	"PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute RANGE keys."
#define DYN_MSG_PARTIQL_INDEX_NOT_FOUND "The table does not have the specified index"
#define DYN_MSG_PARTIQL_TOO_MANY_READS "Too many decomposed read operations for a given query."
#define DYN_MSG_PARTIQL_NEGATIVE_ZERO "Negative zero decimal is not supported under key %s%s"
#define DYN_MSG_PARTIQL_DATA_TYPE "Unsupported data type: %s under key %s%s"
#define DYN_MSG_PARTIQL_BAG_EMPTY "Empty bags are not supported"
#define DYN_MSG_PARTIQL_UNDER " under %s"
#define DYN_MSG_PARTIQL_NUMBERS_TWICE DYN_MSG_INVALID "Input collection [%s] contains duplicates! under %s"
#define DYN_MSG_PARTIQL_BAG_TYPE \
	"Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
#define DYN_MSG_PARTIQL_ION_LITERAL "Ion Literals are not supported: %s under key %s%s"
#define DYN_MSG_PARTIQL_TUPLE_KEY_TYPE "Tuple keys must be of type String. Actual type: %s under %s%s"
#define DYN_MSG_PARTIQL_PATH_EMPTY_NAME "Path component cannot be an empty string"
#define DYN_MSG_PARTIQL_TUPLE_KEY_TWICE "Duplicate keys in tuple. Key: %s under %s%s"
#define DYN_MSG_PARTIQL_LIST_INDEX_RANGE "List index is not within the allowable range; index: [%s]%s"
#define DYN_MSG_PARTIQL_UNPIVOT_PATH "Unpivot path component like a.*.b are not supported"
#define DYN_MSG_PARTIQL_WILDCARD_PATH "Wildcard path component like a[*].b are not supported"
#define DYN_MSG_PARTIQL_PATH_COMPONENT "Unexpected path component"
#define DYN_MSG_PARTIQL_WHERE_NOT_BOOLEAN "WHERE clause must contain an expression that resolves to a boolean"
#define DYN_MSG_PARTIQL_CONDITION_OPERATOR "Unsupported operator in Condition Expression. Operator: %s"
#define DYN_MSG_PARTIQL_NOT_ARGUMENT "The argument to NOT must be a Type or Expression"
#define DYN_MSG_PARTIQL_LOGIC_ARGUMENTS "The arguments to AND/OR must be Expressions"
#define DYN_MSG_PARTIQL_LOGIC_NUMBER \
	"Incorrect operand type for operator or function; operator or function: %s, operand type: N"
#define DYN_MSG_PARTIQL_IN_ARGUMENTS \
	"IN operator must have a left hand argument of type Variable Reference and right hand argument of type Seq " \
	"with at least one member"
#define DYN_MSG_PARTIQL_IS_ARGUMENT "The left hand side argument to IS must be a Variable Reference, Literal, or Path"
#define DYN_MSG_PARTIQL_IS_TYPE \
	"Unsupported data type for IS operator: %s. Supported data types are [MISSING, NULL, BOOLEAN, BLOB, STRING, " \
	"NUMERIC, STRUCT, TUPLE, LIST]%s"
#define DYN_MSG_PARTIQL_FUNCTION_UNKNOWN "Unrecognized function: %s%s"
#define DYN_MSG_PARTIQL_FUNCTION_NOT_ALLOWED "The function is not allowed in %s expression; function: %s"
#define DYN_MSG_PARTIQL_TOKEN_UNSUPPORTED "Unsupported token in expression: %s%s"
#define DYN_MSG_PARTIQL_UPDATE_OPERATOR "Unsupported operator in Update Expression. Operator: %s"
#define DYN_MSG_PARTIQL_MISSING_COMPARED "MISSING must be compared using IS operator"
#define DYN_MSG_PARTIQL_IS_IN_UPDATE "IS operator is not supported in update expressions"
#define DYN_MSG_PARTIQL_SET_ARGUMENT_COUNT "SET_%s must have exactly two arguments%s"
#define DYN_MSG_PARTIQL_SET_FIRST_ARGUMENT "The first argument to SET_%s must equal the assignment value%s"
#define DYN_MSG_PARTIQL_SET_SECOND_ARGUMENT "The second argument to SET_%s must be a value with type SET%s"
#define DYN_MSG_PARTIQL_NOT_WELL_FORMED "Statement wasn't well formed, can't be processed: %s"
/* what may stand behind the colon: the details of AWS's parser */
#define DYN_MSG_PARTIQL_EXPECTED "Expected %s"
#define DYN_MSG_PARTIQL_UNEXPECTED_TERM "Unexpected term"
#define DYN_MSG_PARTIQL_UNEXPECTED_KEYWORD "Unexpected keyword"
#define DYN_MSG_PARTIQL_UNEXPECTED_OPERATOR "Unexpected operator"
#define DYN_MSG_PARTIQL_OPERAND_MISSING "Missing right-hand side expression of infix operator"
#define DYN_MSG_PARTIQL_AFTER_AND "Expected expression after AND"
#define DYN_MSG_PARTIQL_AFTER_ESCAPE "Expected expression after ESCAPE"
#define DYN_MSG_PARTIQL_NAME_AFTER_AT "Identifier must follow @-operator"
#define DYN_MSG_PARTIQL_PATH_NAME "Invalid path dot component"
#define DYN_MSG_PARTIQL_SIMPLE_PATH "Expected identifier for simple path"
#define DYN_MSG_PARTIQL_SIMPLE_PATH_NAME "Invalid path dot component for simple path"
#define DYN_MSG_PARTIQL_SIMPLE_PATH_INDEX "Invalid path component for simple path"
#define DYN_MSG_PARTIQL_STAR_NOT_ALLOWED "%s(*) is not allowed"
#define DYN_MSG_PARTIQL_STAR_NOT_SUPPORTED "COUNT(%s *) is not supported"
#define DYN_MSG_PARTIQL_AGGREGATE_UNARY "Aggregate functions are always unary"
#define DYN_MSG_PARTIQL_SUBSTRING_DELIMITER "Expected KEYWORD 'from' OR COMMA"
#define DYN_MSG_PARTIQL_DATE_PART \
	"Expected one of: [year, month, day, hour, minute, second, timezone_hour, timezone_minute]"
#define DYN_MSG_PARTIQL_LEFT_PARENTHESIS "Missing left parenthesis after %s"
#define DYN_MSG_PARTIQL_CASE_WHEN "Expected a WHEN clause in CASE"
#define DYN_MSG_PARTIQL_VALUES_ROW "Expected LEFT_PAREN for row value constructor"
#define DYN_MSG_PARTIQL_DATE_STRING "Expected date string followed by the keyword DATE, found %s"
#define DYN_MSG_PARTIQL_DATE_FORMAT "Expected DATE string to be of the format yyyy-MM-dd"
#define DYN_MSG_PARTIQL_TIME_PRECISION "Expected integer value between 0 and 9 for precision"
#define DYN_MSG_PARTIQL_TIME_STRING \
	"Expected time string followed by the keyword TIME OR TIME WITH TIME ZONE, found %s"
#define DYN_MSG_PARTIQL_TYPE_NAME "Expected type name"
#define DYN_MSG_PARTIQL_TYPE_ARITY "%s type argument %s must have arity of 0..%d"
#define DYN_MSG_PARTIQL_TYPE_PARAMETER "Type parameter must be an unsigned integer literal"
#define DYN_MSG_PARTIQL_TOKEN_LEFT "Unexpected token after expression"
#define DYN_MSG_PARTIQL_TOKEN_BEHIND_SEMICOLON "Unexpected token after semicolon. (Only one query is allowed.)"
#define DYN_MSG_PARTIQL_TOP_LEVEL "Keyword %s only expected at the top level in the query"
#define DYN_MSG_PARTIQL_FROM_MISSING "Expected FROM after SELECT list"
#define DYN_MSG_PARTIQL_ALIAS_NAME "Expected identifier for %s-alias"
#define DYN_MSG_PARTIQL_COLUMN_STAR "Invalid use of * in select list"
#define DYN_MSG_PARTIQL_COLUMN_BRACKETS "Cannot use [] and * together in SELECT list expression"
#define DYN_MSG_PARTIQL_COLUMN_KEYWORD \
	"Expected identifier or an expression but found unexpected keyword '%s' in a select list."
#define DYN_MSG_PARTIQL_COLUMN_BESIDE_STAR \
	"Other expressions may not be present in the select list when '*' is used without dot notation."
#define DYN_MSG_PARTIQL_JOIN_ON "Expected 'ON'"
#define DYN_MSG_PARTIQL_NULLS "Expected FIRST OR LAST after NULLS"
#define DYN_MSG_PARTIQL_GROUP_LITERAL "Literals (including ordinals) not supported in GROUP BY"
#define DYN_MSG_PARTIQL_GROUP_NAME "Expected identifier for GROUP name"
#define DYN_MSG_PARTIQL_CONFLICT "invalid ON CONFLICT syntax"
#define DYN_MSG_PARTIQL_NO_CHANGE "Expected data manipulation"
#define DYN_MSG_PARTIQL_DELETE_FROM "Expected FROM after DELETE"
#define DYN_MSG_PARTIQL_RETURNING_MAPPING "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element."
#define DYN_MSG_PARTIQL_RETURNING_COLUMN "Unsupported syntax in RETURNING columns."
#define DYN_MSG_PARTIQL_RETURNING_PATH "More than two paths in RETURNING columns."
#define DYN_MSG_PARTIQL_IDENTIFIER "Expected identifier!"
#define DYN_MSG_PARTIQL_TABLE_TARGET "Table target must be an identifier"
#define DYN_MSG_PARTIQL_INDEX_TARGET "Index target must be an identifier"
#define DYN_MSG_PARTIQL_INDEX_KEYS "Expected parenthesis for keys"
#define DYN_MSG_PARTIQL_DEFINITION "Unexpected token following %s"
#define DYN_MSG_PARTIQL_DEFINITION_END "Unexpected tokens after %s statement!"
#define DYN_MSG_PARTIQL_EXEC_NAME "No stored procedure provided"
#define DYN_MSG_PARTIQL_EXEC_INSIDE "EXEC call found at unexpected location"
#define DYN_MSG_PARTIQL_EXEC_PARENTHESIS "Unexpected LEFT_PAREN found following stored procedure call"
#define DYN_MSG_PARTIQL_SELECT_VALUE "Select projection doesn't support value or pivot keywords"
#define DYN_MSG_PARTIQL_SELECT_DISTINCT "Unsupported token in expression: DISTINCT"
#define DYN_MSG_PARTIQL_ALIAS "Aliasing is not supported"
#define DYN_MSG_PARTIQL_HIERARCHY "Changing item's hierarchy while reading isn't supported"
#define DYN_MSG_PARTIQL_PATH_COMPONENT_AT "Unexpected path component%s"
#define DYN_MSG_PARTIQL_FROM_SOURCE "Unexpected from source"
#define DYN_MSG_PARTIQL_UNPIVOT_PATH_AT "Unpivot path component like a.*.b are not supported%s"
#define DYN_MSG_PARTIQL_FROM_LIST "Invalid list expression in source."
#define DYN_MSG_PARTIQL_FROM_PATH_LENGTH "A path may contain at most 2 components in the FROM clause"
#define DYN_MSG_PARTIQL_FROM_SEVERAL "Only select from a single table or index is supported."
#define DYN_MSG_PARTIQL_GROUP_BY "Unsupported clause: GROUP BY"
#define DYN_MSG_PARTIQL_HAVING "Unsupported clause: HAVING%s"
#define DYN_MSG_PARTIQL_LIMIT "Unsupported clause: LIMIT%s"
#define DYN_MSG_PARTIQL_OFFSET "Unsupported clause: OFFSET%s"
#define DYN_MSG_PARTIQL_LET "Unsupported clause: LET"
#define DYN_MSG_PARTIQL_WRITE_FROM "FROM clause may only contain a single table name in data manipulation statements"
#define DYN_MSG_PARTIQL_OPERATION "Unsupported operation: %s"
#define DYN_MSG_PARTIQL_INSERT_UNSUPPORTED "Unsupported operation: InsertOp"
#define DYN_MSG_PARTIQL_INSERT_AT "AT is not supported in insert statements. at 1:1:6"
#define DYN_MSG_PARTIQL_ON_CONFLICT "Unsupported clause: ON CONFLICT"
#define DYN_MSG_PARTIQL_INSERT_RETURNING "RETURNING is not supported in INSERT"
#define DYN_MSG_PARTIQL_INSERT_FORMAT \
	"Unsupported format in item expression. Please use struct format {...} to express item values for insert " \
	"statement.%s"
#define DYN_MSG_PARTIQL_INDEX_WRITE "This operation is not supported on an index"
#define DYN_MSG_PARTIQL_DELETE_RETURNING \
	"Invalid returning clause: RETURNING %s %s *. Only RETURNING ALL OLD * is allowed in DELETE statements."
#define DYN_MSG_PARTIQL_RETURNING_STAR "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"
#define DYN_MSG_PARTIQL_RETURNING_SEVERAL "Invalid syntax with multiple returning elements in RETURNING clause"
#define DYN_MSG_PARTIQL_TABLE_NAME \
	"Table name should be within the length [3, 255] and only contain 'a-z', 'A-Z', '0-9', '-', '_', '.'."
#define DYN_MSG_PARTIQL_SELECT_TWICE "Duplicate identifiers in select clause: %s"
#define DYN_MSG_PARTIQL_ORDER_WITHOUT_WHERE "Must have WHERE clause in the statement when using ORDER BY clause."
#define DYN_MSG_PARTIQL_ORDER_ARGUMENT "Argument to ORDER BY must be of type VariableReference. Type: %s"
#define DYN_MSG_PARTIQL_ORDER_NOT_KEY "Variable reference %s in ORDER BY clause must be part of the primary key"
#define DYN_MSG_PARTIQL_ORDER_NEEDS_HASH_KEY \
	"Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."
#define DYN_MSG_PARTIQL_ORDER_SEVERAL_HASH_KEYS \
	"Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause."
#define DYN_MSG_PARTIQL_KEY_MISSING "Key attribute should be present in the item: Key %s"
#define DYN_MSG_PARTIQL_KEY_SEVERAL_CONDITIONS \
	"Multiple conditions on same key %s. Only single item Update/Insert/Delete are supported"
#define DYN_MSG_PARTIQL_KEY_NOT_GIVEN "Where clause does not contain a mandatory equality on all key attributes"

/* SQL */
#define DYN_MSG_SQL_OPERATION_UNKNOWN "unknown operation \"%s\""
#define DYN_MSG_SQL_BODY_NO_JSON "the body is no valid JSON"
#define DYN_MSG_SQL_ITEM_NO_OBJECT "an item must be a JSON object"

#endif
