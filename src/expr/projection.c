/*
 * ProjectionExpression.
 */
#include "postgres.h"

#include "expr/expr_check.h"
#include "expr/path_set.h"
#include "expr/projection.h"

#define PARAMETER "ProjectionExpression"

static DynProjection *
make_projection(const DynPath *paths, int count)
{
	DynProjection *projection = palloc(sizeof(DynProjection));

	projection->count = count;
	projection->paths = dyn_path_set_sort(paths, count);
	return projection;
}

DynProjection *
dyn_projection_parse(DynStr text, DynBindings *bindings)
{
	DynProjection *projection;
	DynParser	parser;
	DynPath    *paths;
	int			count = 0;

	dyn_expr_parse_start(&parser, text, PARAMETER);
	/* an upper bound: each path takes at least a letter and a comma */
	paths = palloc((text.len / 2 + 1) * sizeof(DynPath));
	do
		paths[count++] = dyn_expr_parse_path(&parser);
	while (dyn_expr_parse_accept(&parser, DYN_TOKEN_COMMA));
	if (parser.current.kind != DYN_TOKEN_END)
		dyn_expr_parse_unexpected(&parser);

	for (int i = 0; i < count; i++)
		dyn_expr_check_reserved_path(PARAMETER, &paths[i]);
	for (int i = 0; i < count; i++)
		dyn_expr_check_resolve_path(PARAMETER, &paths[i], bindings);
	projection = make_projection(paths, count);
	dyn_path_set_check(PARAMETER, paths, projection->paths, count);
	pfree(paths);
	return projection;
}

DynProjection *
dyn_projection_from_names(const DynStr *names, int count)
{
	DynProjection *projection;
	DynPath    *paths = palloc(Max(count, 1) * sizeof(DynPath));
	DynPathStep *steps = palloc0(Max(count, 1) * sizeof(DynPathStep));

	for (int i = 0; i < count; i++)
	{
		steps[i].name = names[i];
		paths[i] = (DynPath) {1, &steps[i]};
	}
	projection = make_projection(paths, count);
	pfree(paths);
	return projection;
}

DynItem *
dyn_projection_apply(const DynProjection *projection, const DynItem *item)
{
	return dyn_path_set_extract(projection->paths, projection->count, item);
}
