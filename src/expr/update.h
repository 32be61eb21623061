/*
 * UpdateExpression: SET, REMOVE, ADD, DELETE.
 */
#ifndef DYN_UPDATE_H
#define DYN_UPDATE_H

#include "expr/expr_ast.h"
#include "expr/expr_bind.h"
#include "item/path.h"

typedef struct DynUpdate DynUpdate; /* actions over trees of expr_ast.h */

/* Syntax, functions and operand rules, overlapping and conflicting paths: AWS's messages. */
extern DynUpdate *dyn_update_parse(DynStr text, DynBindings *bindings);
/* The paths that the update names, in order of appearance: for key checks, UPDATED_OLD and UPDATED_NEW. */
extern int	dyn_update_path_count(const DynUpdate *update);
extern const DynPath *dyn_update_path(const DynUpdate *update, int i);
/* Calls visit for each path of the update, those of values included. */
extern void dyn_update_visit_paths(const DynUpdate *update, void (*visit) (void *arg, const DynPath *path), void *arg);

/* True when it has actions and all of them are REMOVE or DELETE. */
extern bool dyn_update_only_removes(const DynUpdate *update);

/*
 * What AWS charges for the update itself, in bytes, of the 400 KB that a request of UpdateItem may have; the item is
 * measured besides.  docs/errors.md has the rule.  AttributeUpdates are charged nothing.
 */
extern int64 dyn_update_charge(const DynUpdate *update);

/* To build an update by hand: make, append the actions, finish (which checks that the paths may be used together). */
extern DynUpdate *dyn_update_make(void);
extern void dyn_update_append(DynUpdate *update, DynActionKind kind, DynPath path, DynNode *operand);
extern void dyn_update_finish(DynUpdate *update);
/* The same for an update of PartiQL, whose messages name the later path first; it checks the types of operands, too. */
extern void dyn_update_finish_statement(DynUpdate *update);

#endif
