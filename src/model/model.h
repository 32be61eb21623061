/*
 * Public service models as data: every shape, member and constraint that a request can reach.
 *
 * There is one model a service.  tools/service_model.py generates the files NAME_model.c; nobody edits them by hand.
 */
#ifndef DYN_MODEL_H
#define DYN_MODEL_H

typedef enum DynShapeKind
{
	DYN_SHAPE_STRUCTURE,
	DYN_SHAPE_LIST,
	DYN_SHAPE_MAP,
	DYN_SHAPE_STRING,
	DYN_SHAPE_BLOB,
	DYN_SHAPE_INTEGER,
	DYN_SHAPE_LONG,
	DYN_SHAPE_DOUBLE,
	DYN_SHAPE_BOOLEAN,
	DYN_SHAPE_TIMESTAMP
} DynShapeKind;

struct DynShape;

typedef struct DynShapeMember
{
	const char *name;			/* as in JSON; constraint messages begin it with a small letter */
	int			name_length;
	const struct DynShape *shape;
	bool		required;
	bool		checked_first;	/* TableName of table operations: checked before the rest */
} DynShapeMember;

/* A regular expression of the model: characters of one class, a number of times. */
typedef struct DynShapePattern
{
	const char *text;
	uint32		ascii[4];		/* the class, a bit for each character */
	bool		beyond_ascii;	/* all other characters belong to it, too */
	bool		alphanumeric_ends;	/* the first and the last must be letters or digits */
	int			least;
	int			most;			/* 0: no end */
	int			multiple;
} DynShapePattern;

typedef struct DynShape
{
	const char *name;
	DynShapeKind kind;
	bool		constrained;	/* it, or something below it, can fail a constraint */
	bool		nullable_elements;	/* lists and maps whose null elements are for item code to refuse */
	bool		table_name_or_arn;	/* min, max and pattern are for names, not for ARNs */
	bool		length_first;	/* a wrong length is reported before the pattern */
	bool		has_min;		/* strings: characters; lists and maps: members; numbers: value */
	bool		has_max;
	int64		min;
	int64		max;
	const DynShapePattern *pattern; /* NULL: none; matches the whole string */
	int			enum_count;
	const char *const *enums;	/* in the order in which messages list them */
	int			member_count;	/* structures; at most 64 */
	const DynShapeMember *members;	/* in the order in which the service reports what is wrong with them */
	uint64		required_members;	/* a bit for each member, from the lowest */
	const struct DynShape *key; /* maps */
	const struct DynShape *element; /* lists, and a map's values */
} DynShape;

typedef struct DynModelOperation
{
	const char *name;
	const DynShape *input;
} DynModelOperation;

typedef struct DynModel
{
	const DynModelOperation *operations;	/* by name, in byte order */
	int			operation_count;
} DynModel;

extern const DynModel dyn_model_dynamodb;
extern const DynModel dyn_model_streams;
extern const DynModel dyn_model_sts;

#endif
