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
	bool		newer;			/* its values and expressions */
	int			counted;		/* phases whose errors begin "1 validation error detected: " */
}			layers[] = {
	{"PutItem", true, DYN_PHASE_REQUEST},
	{"UpdateItem", true, DYN_PHASE_REQUEST},
	{"DeleteItem", true, DYN_PHASE_REQUEST},
	{"Query", true, DYN_PHASE_SELECT},
	{"Scan", false, DYN_PHASE_SELECT},
	{"GetItem", true, 0},
	{"BatchGetItem", true, 0},
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
	for (int i = 0; layer.operation != NULL && !layer.odd && i < lengthof(layers); i++)
	{
		if (strcmp(layers[i].operation, layer.operation) != 0)
			continue;
		counted = layers[i].counted;
		older = !layers[i].newer;
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
