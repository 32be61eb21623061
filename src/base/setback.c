/*
 * Tables whose owners' code held up the background.
 *
 * When there is no room for one more table, the table that may have its turn soonest is forgotten.  At worst it holds
 * up the background once more.
 */
#include "postgres.h"

#include "base/setback.h"

#define FIRST_PAUSE_MS 1000
#define LONGEST_PAUSE_MS (30 * 60 * 1000)
#define FORGET_AFTER_MS (2 * LONGEST_PAUSE_MS)	/* after its pause has ended: since then it has held up nothing */

static DynSetback *find(DynSetbacks *setbacks, const char *table);

void
dyn_setback_take(DynSetbacks *setbacks, const char *table)
{
	strlcpy(setbacks->in_hand, table, sizeof(setbacks->in_hand));
}

void
dyn_setback_put_down(DynSetbacks *setbacks)
{
	setbacks->in_hand[0] = '\0';
}

bool
dyn_setback_settle(DynSetbacks *setbacks, int64 now)
{
	DynSetback *place;

	if (setbacks->in_hand[0] == '\0')
		return false;
	place = find(setbacks, setbacks->in_hand);
	if (place == NULL)
	{
		place = &setbacks->tables[0];
		for (int i = 1; i < DYN_MAX_SETBACKS; i++)
			if (setbacks->tables[i].until < place->until)
				place = &setbacks->tables[i];
		strlcpy(place->table, setbacks->in_hand, sizeof(place->table));
		place->failures = 0;
	}
	else if (now - place->until > FORGET_AFTER_MS)
		place->failures = 0;
	place->failures++;
	place->until = now + Min(LONGEST_PAUSE_MS, (int64) FIRST_PAUSE_MS << Min(place->failures, 11));
	setbacks->in_hand[0] = '\0';
	return true;
}

bool
dyn_setback_waits(const DynSetbacks *setbacks, const char *table, int64 now)
{
	const DynSetback *place = find(unconstify(DynSetbacks *, setbacks), table);

	return place != NULL && now < place->until;
}

static DynSetback *
find(DynSetbacks *setbacks, const char *table)
{
	for (int i = 0; i < DYN_MAX_SETBACKS; i++)
		if (strcmp(setbacks->tables[i].table, table) == 0)
			return &setbacks->tables[i];
	return NULL;
}
