/*
 * Parses expressions.
 *
 *	condition:	condition OR condition | condition AND condition | NOT condition | ( condition )
 *				| operand comparator operand | operand BETWEEN operand AND operand
 *				| operand IN ( operand, ... ) | function
 *	set value:	operand | operand + operand | operand - operand
 *	operand:	path | :value | function | ( operand )
 *	function:	name ( operand, ... )
 *	path:		name, then any of .name and [digits]; a name is an identifier or a #name; ( path ) may open a path
 *
 * After an opening parenthesis it is not known yet whether a condition or an operand follows, and a client may send
 * 4,096 of them.  So there is no recursion.  A stack holds what is still open (parentheses, functions, operators that
 * wait for their right side), and the parser is in one of two states: it expects a term, or it holds one.
 */
#include "postgres.h"

#include "base/error.h"
#include "base/limits.h"
#include "base/message.h"
#include "expr/expr_parse.h"

typedef enum FrameKind
{
	FRAME_PARENTHESIS,
	FRAME_CALL,
	FRAME_IN,
	FRAME_BETWEEN,
	FRAME_COMPARISON,
	FRAME_SUM,					/* plus or minus */
	FRAME_NOT,
	FRAME_AND,
	FRAME_OR
} FrameKind;

typedef struct Frame
{
	FrameKind	kind;
	bool		operand_only;	/* of a parenthesis: no condition may stand in it */
	DynNode    *node;			/* the operator or call, with the arguments it has so far */
} Frame;

typedef enum TermKind
{
	TERM_OPERAND,
	TERM_CALL,					/* an operand or a condition */
	TERM_CONDITION,
	TERM_SUM
} TermKind;

typedef struct Term
{
	TermKind	kind;
	DynNode    *node;
	bool		parenthesized;
} Term;

typedef struct Machine
{
	DynParser  *parser;
	bool		is_condition;	/* else a set value */
	Frame	   *frames;
	int			depth;
	int			capacity;
	Term		term;
} Machine;

static DynNode *run(DynParser *parser, bool is_condition);
static void expect_term(Machine *machine);
static void complete_operators(Machine *machine);
static bool continue_with_operator(Machine *machine);
static void close_parenthesis(Machine *machine);
static void read_path_steps(DynParser *parser, DynPath *path);

void
dyn_expr_parse_fail(const char *parameter, const char *format,...)
{
	va_list		args;
	char	   *text;

	va_start(args, format);
	text = dyn_text_format(format, args);
	va_end(args);
	if (parameter == NULL)
		dyn_error(DYN_ERR_VALIDATION, "%s", text);
	dyn_error(DYN_ERR_VALIDATION, "Invalid %s: %s", parameter, text);
}

void
dyn_expr_parse_start(DynParser *parser, DynStr text, const char *parameter)
{
	memset(parser, 0, sizeof(*parser));
	parser->text = text;
	parser->parameter = parameter;
	if (text.len == 0)
		dyn_expr_parse_fail(parameter, DYN_MSG_EXPRESSION_EMPTY);
	if (text.len > DYN_MAX_EXPRESSION_SIZE)
		dyn_expr_parse_fail(parameter, DYN_MSG_EXPRESSION_TOO_LONG);
	parser->current = dyn_expr_lexer_next(text, &parser->position);
	parser->next = dyn_expr_lexer_next(text, &parser->position);
}

void
dyn_expr_parse_advance(DynParser *parser)
{
	parser->previous = parser->current;
	parser->current = parser->next;
	parser->next = dyn_expr_lexer_next(parser->text, &parser->position);
}

bool
dyn_expr_parse_accept(DynParser *parser, DynTokenKind kind)
{
	if (parser->current.kind != kind)
		return false;
	dyn_expr_parse_advance(parser);
	return true;
}

/*
 * "near" is the text from the word before to the word after, with the white space between them; at an end of the
 * expression it includes the white space there
 */
void
dyn_expr_parse_unexpected(const DynParser *parser)
{
	const DynToken *first = parser->previous.text.data != NULL ? &parser->previous : &parser->current;
	const DynToken *last = &parser->next;
	bool		at_end = parser->current.kind == DYN_TOKEN_END;
	bool		to_end = at_end || last->kind == DYN_TOKEN_END;
	DynStr		near;

	near.data = parser->previous.text.data != NULL ? first->text.data : parser->text.data;
	near.len = (to_end ? parser->text.data + parser->text.len : last->text.data + last->text.len) - near.data;
	dyn_expr_parse_fail(parser->parameter, DYN_MSG_SYNTAX_ERROR,
						at_end ? "<EOF>" : dyn_text_printable(parser->current.text), dyn_text_printable(near));
}

DynNode *
dyn_expr_parse_condition(DynParser *parser)
{
	return run(parser, true);
}

DynNode *
dyn_expr_parse_set_value(DynParser *parser)
{
	return run(parser, false);
}

DynNode *
dyn_expr_parse_value(DynParser *parser)
{
	DynNode    *node;

	if (parser->current.kind != DYN_TOKEN_VALUE)
		dyn_expr_parse_unexpected(parser);
	node = dyn_expr_ast_operator(DYN_NODE_VALUE);
	node->name = parser->current.text;
	dyn_expr_parse_advance(parser);
	return node;
}

static bool
is_path_name(const DynParser *parser)
{
	return parser->current.kind == DYN_TOKEN_IDENTIFIER || parser->current.kind == DYN_TOKEN_NAME;
}

static DynPathStep *
add_step(DynPath *path, bool is_index, DynStr name)
{
	DynPathStep *step;

	/* grows at 0, 4, 8, 16, ... steps */
	if (path->count == 0)
		path->steps = palloc(4 * sizeof(DynPathStep));
	else if (path->count >= 4 && (path->count & (path->count - 1)) == 0)
		path->steps = repalloc(path->steps, 2 * path->count * sizeof(DynPathStep));
	step = &path->steps[path->count++];
	step->is_index = is_index;
	step->name = name;
	step->index = 0;
	return step;
}

DynPath
dyn_expr_parse_path(DynParser *parser)
{
	DynPath		path = {0, NULL};

	if (!is_path_name(parser))
		dyn_expr_parse_unexpected(parser);
	add_step(&path, false, parser->current.text);
	dyn_expr_parse_advance(parser);
	read_path_steps(parser, &path);
	return path;
}

static void
read_path_steps(DynParser *parser, DynPath *path)
{
	for (;;)
	{
		if (dyn_expr_parse_accept(parser, DYN_TOKEN_DOT))
		{
			if (!is_path_name(parser))
				dyn_expr_parse_unexpected(parser);
			add_step(path, false, parser->current.text);
			dyn_expr_parse_advance(parser);
		}
		else if (dyn_expr_parse_accept(parser, DYN_TOKEN_OPEN_BRACKET))
		{
			if (parser->current.kind != DYN_TOKEN_NUMBER)
				dyn_expr_parse_unexpected(parser);
			add_step(path, true, parser->current.text);
			dyn_expr_parse_advance(parser);
			if (!dyn_expr_parse_accept(parser, DYN_TOKEN_CLOSE_BRACKET))
				dyn_expr_parse_unexpected(parser);
		}
		else
			return;
	}
}

static Frame *
top(Machine *machine)
{
	return machine->depth > 0 ? &machine->frames[machine->depth - 1] : NULL;
}

static bool
top_is(Machine *machine, FrameKind kind)
{
	return machine->depth > 0 && top(machine)->kind == kind;
}

static void
push(Machine *machine, FrameKind kind, DynNode *node, bool operand_only)
{
	if (machine->depth == machine->capacity)
	{
		machine->capacity *= 2;
		machine->frames = repalloc(machine->frames, machine->capacity * sizeof(Frame));
	}
	machine->frames[machine->depth++] = (Frame) {kind, operand_only, node};
}

static bool
is_operand(const Term *term)
{
	return term->kind == TERM_OPERAND || term->kind == TERM_CALL;
}

static void
need_operand(const Machine *machine)
{
	if (!is_operand(&machine->term))
		dyn_expr_parse_unexpected(machine->parser);
}

static void
need_condition(const Machine *machine)
{
	if (machine->term.kind != TERM_CONDITION && machine->term.kind != TERM_CALL)
		dyn_expr_parse_unexpected(machine->parser);
}

/* May only an operand stand here? */
static bool
is_operand_place(Machine *machine)
{
	const Frame *frame = top(machine);

	if (frame == NULL)
		return !machine->is_condition;
	switch (frame->kind)
	{
		case FRAME_PARENTHESIS:
			return frame->operand_only;
		case FRAME_NOT:
		case FRAME_AND:
		case FRAME_OR:
			return false;
		default:
			return true;
	}
}

static DynNode *
run(DynParser *parser, bool is_condition)
{
	Machine		machine;

	machine.parser = parser;
	machine.is_condition = is_condition;
	machine.depth = 0;
	machine.capacity = 16;
	machine.frames = palloc(machine.capacity * sizeof(Frame));
	for (;;)
	{
		expect_term(&machine);
		/* after a closed parenthesis the parser again holds a term */
		for (;;)
		{
			complete_operators(&machine);
			if (parser->current.kind != DYN_TOKEN_CLOSE)
				break;
			close_parenthesis(&machine);
		}
		if (!continue_with_operator(&machine))
			break;
	}
	pfree(machine.frames);
	return machine.term.node;
}

/* Expects a term: takes words up to and including the next path or value. */
static void
expect_term(Machine *machine)
{
	DynParser  *parser = machine->parser;

	for (;;)
	{
		switch (parser->current.kind)
		{
			case DYN_TOKEN_OPEN:
				push(machine, FRAME_PARENTHESIS, NULL, is_operand_place(machine));
				dyn_expr_parse_advance(parser);
				break;
			case DYN_TOKEN_NOT:
				if (is_operand_place(machine))
					dyn_expr_parse_unexpected(parser);
				push(machine, FRAME_NOT, dyn_expr_ast_operator(DYN_NODE_NOT), false);
				parser->operator_count++;
				dyn_expr_parse_advance(parser);
				break;
			case DYN_TOKEN_VALUE:
				machine->term = (Term) {TERM_OPERAND, dyn_expr_parse_value(parser), false};
				return;
			case DYN_TOKEN_IDENTIFIER:
				if (parser->next.kind == DYN_TOKEN_OPEN)
				{
					DynNode    *call = dyn_expr_ast_call(dyn_expr_ast_function_from_name(parser->current.text));

					call->name = parser->current.text;
					push(machine, FRAME_CALL, call, false);
					dyn_expr_parse_advance(parser);
					dyn_expr_parse_advance(parser);
					break;
				}
				/* FALLTHROUGH */
			case DYN_TOKEN_NAME:
				machine->term = (Term) {TERM_OPERAND, dyn_expr_ast_path(dyn_expr_parse_path(parser)), false};
				return;
			default:
				dyn_expr_parse_unexpected(parser);
		}
	}
}

/* Makes the term in hand the last operand of a comparison, BETWEEN or sum that waits for one. */
static void
complete_operators(Machine *machine)
{
	Frame	   *frame = top(machine);
	TermKind	kind = TERM_CONDITION;

	if (frame == NULL)
		return;
	if (frame->kind == FRAME_BETWEEN && frame->node->count < 2)
		return;
	if (frame->kind == FRAME_SUM)
		kind = TERM_SUM;
	else if (frame->kind != FRAME_COMPARISON && frame->kind != FRAME_BETWEEN)
		return;
	need_operand(machine);
	dyn_expr_ast_append(frame->node, machine->term.node);
	machine->term = (Term) {kind, frame->node, false};
	machine->depth--;
}

/* NOT, AND and OR that bind at least as tightly as the operator ahead take the term in hand. */
static void
complete_logic(Machine *machine, FrameKind loosest)
{
	while (machine->depth > 0)
	{
		Frame	   *frame = top(machine);

		if (frame->kind < FRAME_NOT || frame->kind > loosest)
			return;
		need_condition(machine);
		dyn_expr_ast_append(frame->node, machine->term.node);
		machine->term = (Term) {TERM_CONDITION, frame->node, false};
		machine->depth--;
	}
}

static void
close_parenthesis(Machine *machine)
{
	DynParser  *parser = machine->parser;
	Frame	   *frame;

	complete_logic(machine, FRAME_OR);
	frame = top(machine);
	if (frame == NULL)
		dyn_expr_parse_unexpected(parser);
	switch (frame->kind)
	{
		case FRAME_PARENTHESIS:
			if (frame->operand_only && machine->is_condition)
				need_operand(machine);
			if (machine->term.parenthesized)
				parser->redundant_parentheses = true;
			machine->term.parenthesized = true;
			dyn_expr_parse_advance(parser);
			if (machine->term.node->kind == DYN_NODE_PATH &&
				(parser->current.kind == DYN_TOKEN_DOT || parser->current.kind == DYN_TOKEN_OPEN_BRACKET))
			{
				read_path_steps(parser, &machine->term.node->path);
				machine->term.parenthesized = false;
			}
			break;
		case FRAME_CALL:
		case FRAME_IN:
			need_operand(machine);
			dyn_expr_ast_append(frame->node, machine->term.node);
			machine->term = (Term) {frame->kind == FRAME_CALL ? TERM_CALL : TERM_CONDITION, frame->node, false};
			dyn_expr_parse_advance(parser);
			break;
		default:
			dyn_expr_parse_unexpected(parser);
	}
	machine->depth--;
}

/* Makes the term in hand the left side of a new operator, whose right side is still to come. */
static void
start_operator(Machine *machine, FrameKind frame, DynNodeKind kind)
{
	DynNode    *node = dyn_expr_ast_operator(kind);

	dyn_expr_ast_append(node, machine->term.node);
	push(machine, frame, node, false);
	machine->parser->operator_count++;
	dyn_expr_parse_advance(machine->parser);
}

static void
start_condition_on_operand(Machine *machine, FrameKind frame, DynNodeKind kind)
{
	if (is_operand_place(machine))
		dyn_expr_parse_unexpected(machine->parser);
	need_operand(machine);
	start_operator(machine, frame, kind);
}

static void
start_logic(Machine *machine, FrameKind frame, DynNodeKind kind)
{
	if (is_operand_place(machine))
		dyn_expr_parse_unexpected(machine->parser);
	need_condition(machine);
	complete_logic(machine, frame);
	start_operator(machine, frame, kind);
}

static void
start_sum(Machine *machine, DynNodeKind kind)
{
	if (machine->is_condition)
		dyn_expr_parse_unexpected(machine->parser);
	for (int i = 0; i < machine->depth; i++)
		if (machine->frames[i].kind != FRAME_PARENTHESIS)
			dyn_expr_parse_unexpected(machine->parser);
	need_operand(machine);
	start_operator(machine, FRAME_SUM, kind);
}

/* Returns false when the text of this tree has ended; then the term in hand is the whole tree. */
static bool
continue_with_operator(Machine *machine)
{
	DynParser  *parser = machine->parser;
	DynTokenKind kind = parser->current.kind;
	Frame	   *frame = top(machine);

	/* a BETWEEN with its operand alone: the term is the lower bound */
	if (frame != NULL && frame->kind == FRAME_BETWEEN)
	{
		need_operand(machine);
		if (!dyn_expr_parse_accept(parser, DYN_TOKEN_AND))
			dyn_expr_parse_unexpected(parser);
		dyn_expr_ast_append(frame->node, machine->term.node);
		return true;
	}
	if (kind == DYN_TOKEN_COMMA && (top_is(machine, FRAME_CALL) || top_is(machine, FRAME_IN)))
	{
		need_operand(machine);
		dyn_expr_ast_append(frame->node, machine->term.node);
		dyn_expr_parse_advance(parser);
		return true;
	}
	if (!machine->is_condition && machine->depth == 0 && kind != DYN_TOKEN_PLUS && kind != DYN_TOKEN_MINUS)
		return false;

	switch (kind)
	{
		case DYN_TOKEN_EQ:
		case DYN_TOKEN_NE:
		case DYN_TOKEN_LT:
		case DYN_TOKEN_LE:
		case DYN_TOKEN_GT:
		case DYN_TOKEN_GE:
			start_condition_on_operand(machine, FRAME_COMPARISON, DYN_NODE_EQ + (kind - DYN_TOKEN_EQ));
			return true;
		case DYN_TOKEN_BETWEEN:
			start_condition_on_operand(machine, FRAME_BETWEEN, DYN_NODE_BETWEEN);
			return true;
		case DYN_TOKEN_IN:
			start_condition_on_operand(machine, FRAME_IN, DYN_NODE_IN);
			if (!dyn_expr_parse_accept(parser, DYN_TOKEN_OPEN))
				dyn_expr_parse_unexpected(parser);
			return true;
		case DYN_TOKEN_AND:
			start_logic(machine, FRAME_AND, DYN_NODE_AND);
			return true;
		case DYN_TOKEN_OR:
			start_logic(machine, FRAME_OR, DYN_NODE_OR);
			return true;
		case DYN_TOKEN_PLUS:
			start_sum(machine, DYN_NODE_PLUS);
			return true;
		case DYN_TOKEN_MINUS:
			start_sum(machine, DYN_NODE_MINUS);
			return true;
		case DYN_TOKEN_END:
			complete_logic(machine, FRAME_OR);
			need_condition(machine);
			if (machine->depth > 0)
				dyn_expr_parse_unexpected(parser);
			return false;
		default:
			dyn_expr_parse_unexpected(parser);
	}
}
