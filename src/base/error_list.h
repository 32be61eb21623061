/*
 * The error catalogue: every error a client can see.
 *
 * DYN_ERROR_ROW(our name, AWS name, namespace in __type, HTTP status, SQLSTATE, member that carries the text)
 *
 * The namespaces and the spelling of "message" follow what the service sends; SDKs look only at the part after '#'.
 * A SQLSTATE is never reused for another error.
 */
#ifndef DYN_ERROR_ROW
#error "define DYN_ERROR_ROW before including error_list.h"
#endif

#define DYN_NS_DYNAMODB "com.amazonaws.dynamodb.v20120810#"
#define DYN_NS_SERVICE "com.amazon.coral.service#"
#define DYN_NS_VALIDATE "com.amazon.coral.validate#"
#define DYN_NS_AVAILABILITY "com.amazon.coral.availability#"

DYN_ERROR_ROW(VALIDATION, "ValidationException", DYN_NS_VALIDATE, 400, "YD001", "message")
DYN_ERROR_ROW(SERIALIZATION, "SerializationException", DYN_NS_SERVICE, 400, "YD002", "Message")
DYN_ERROR_ROW(UNKNOWN_OPERATION, "UnknownOperationException", DYN_NS_SERVICE, 400, "YD003", "message")
DYN_ERROR_ROW(RESOURCE_NOT_FOUND, "ResourceNotFoundException", DYN_NS_DYNAMODB, 400, "YD004", "message")
DYN_ERROR_ROW(RESOURCE_IN_USE, "ResourceInUseException", DYN_NS_DYNAMODB, 400, "YD005", "message")
DYN_ERROR_ROW(CONDITIONAL_CHECK_FAILED, "ConditionalCheckFailedException", DYN_NS_DYNAMODB, 400, "YD006", "message")
DYN_ERROR_ROW(LIMIT_EXCEEDED, "LimitExceededException", DYN_NS_DYNAMODB, 400, "YD007", "message")
DYN_ERROR_ROW(ITEM_COLLECTION_SIZE_LIMIT, "ItemCollectionSizeLimitExceededException",
			  DYN_NS_DYNAMODB, 400, "YD008", "message")
DYN_ERROR_ROW(THROUGHPUT_EXCEEDED, "ProvisionedThroughputExceededException", DYN_NS_DYNAMODB, 400, "YD009", "message")
DYN_ERROR_ROW(REQUEST_LIMIT_EXCEEDED, "RequestLimitExceeded", DYN_NS_DYNAMODB, 400, "YD010", "message")
DYN_ERROR_ROW(THROTTLING, "ThrottlingException", DYN_NS_AVAILABILITY, 400, "YD011", "message")
DYN_ERROR_ROW(TRANSACTION_CANCELED, "TransactionCanceledException", DYN_NS_DYNAMODB, 400, "YD012", "Message")
DYN_ERROR_ROW(TRANSACTION_CONFLICT, "TransactionConflictException", DYN_NS_DYNAMODB, 400, "YD013", "message")
DYN_ERROR_ROW(TRANSACTION_IN_PROGRESS, "TransactionInProgressException", DYN_NS_DYNAMODB, 400, "YD014", "Message")
DYN_ERROR_ROW(IDEMPOTENT_PARAMETER_MISMATCH, "IdempotentParameterMismatchException",
			  DYN_NS_DYNAMODB, 400, "YD015", "Message")
DYN_ERROR_ROW(TABLE_NOT_FOUND, "TableNotFoundException", DYN_NS_DYNAMODB, 400, "YD016", "message")
DYN_ERROR_ROW(INDEX_NOT_FOUND, "IndexNotFoundException", DYN_NS_DYNAMODB, 400, "YD017", "message")
DYN_ERROR_ROW(POLICY_NOT_FOUND, "PolicyNotFoundException", DYN_NS_DYNAMODB, 400, "YD018", "message")
DYN_ERROR_ROW(DUPLICATE_ITEM, "DuplicateItemException", DYN_NS_DYNAMODB, 400, "YD019", "message")
DYN_ERROR_ROW(EXPIRED_ITERATOR, "ExpiredIteratorException", DYN_NS_DYNAMODB, 400, "YD020", "message")
DYN_ERROR_ROW(TRIMMED_DATA_ACCESS, "TrimmedDataAccessException", DYN_NS_DYNAMODB, 400, "YD021", "message")
DYN_ERROR_ROW(MISSING_AUTHENTICATION_TOKEN, "MissingAuthenticationTokenException",
			  DYN_NS_SERVICE, 400, "YD101", "message")
DYN_ERROR_ROW(INCOMPLETE_SIGNATURE, "IncompleteSignatureException", DYN_NS_SERVICE, 400, "YD102", "message")
DYN_ERROR_ROW(INVALID_SIGNATURE, "InvalidSignatureException", DYN_NS_SERVICE, 400, "YD103", "message")
DYN_ERROR_ROW(UNRECOGNIZED_CLIENT, "UnrecognizedClientException", DYN_NS_SERVICE, 400, "YD104", "message")
DYN_ERROR_ROW(ACCESS_DENIED, "AccessDeniedException", DYN_NS_SERVICE, 400, "YD105", "Message")
DYN_ERROR_ROW(EXPIRED_TOKEN, "ExpiredTokenException", DYN_NS_SERVICE, 400, "YD106", "message")
DYN_ERROR_ROW(MALFORMED_REQUEST, "MalformedHttpRequestException", DYN_NS_SERVICE, 400, "YD110", "message")
DYN_ERROR_ROW(REQUEST_TOO_LARGE, "RequestEntityTooLargeException", DYN_NS_SERVICE, 413, "YD111", "message")
DYN_ERROR_ROW(MISSING_ACTION, "MissingAction", DYN_NS_SERVICE, 400, "YD112", "message")
DYN_ERROR_ROW(INTERNAL_SERVER_ERROR, "InternalServerError", DYN_NS_DYNAMODB, 500, "YD901", "message")
DYN_ERROR_ROW(SERVICE_UNAVAILABLE, "ServiceUnavailableException", DYN_NS_AVAILABILITY, 503, "YD902", "message")

#undef DYN_ERROR_ROW
