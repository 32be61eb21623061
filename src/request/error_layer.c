/*
 * Which layer of AWS's request checks reads an operation.
 *
 * AWS moves its operations, region by region, to a newer layer with other words for bad values and expressions.  This
 * table says for each operation which one most regions use; nothing else in the source asks for an operation's name to
 * choose a text.  A request with a value that the newer layer cannot read goes to the older one as a whole.
 */
#include "postgres.h"

#include "base/error.h"
#include "request/error_layer.h"

/* Operations that are not listed: the older layer, nothing counted. */
static const struct
{
	const char *operation;
	int			counted;		/* phases whose errors begin "1 validation error detected: " */
}			newer[] = {
	{"PutItem", DYN_PHASE_REQUEST},
	{"UpdateItem", DYN_PHASE_REQUEST},
	{"DeleteItem", DYN_PHASE_REQUEST},
	{"Query", DYN_PHASE_SELECT},
	{"GetItem", 0},
	{"BatchGetItem", 0},
};

static DynErrorLayer current = {NULL, false, DYN_PHASE_REQUEST};
static int	counted = 0;

DynErrorLayer
dyn_error_layer_begin(DynErrorLayer layer)
{
	DynErrorLayer before = current;
	bool		older = layer.operation != NULL;

	current = layer;
	counted = 0;
	for (int i = 0; older && !layer.odd && i < lengthof(newer); i++)
	{
		if (strcmp(newer[i].operation, layer.operation) != 0)
			continue;
		counted = newer[i].counted;
		older = false;
	}
	dyn_error_bare();
	dyn_error_set_older(older);
	dyn_error_layer_enter(layer.phase);
	return before;
}

void
dyn_error_layer_enter(DynErrorPhase phase)
{
	current.phase = phase;
	dyn_error_count((counted & phase) != 0);
}
