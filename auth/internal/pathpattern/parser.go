package pathpattern

import (
	"errors"
	"fmt"
	"strings"
)

// delimiters end a named parameter.
const delimiters = "/#?"

// anySegment is the expression of a parameter that has none of its own.
const anySegment = "[^" + delimiters + "]+?"

// token is a piece of a pattern: a name after its colon, an expression in
// its parentheses, a modifier, a brace, or else one character.
type token struct {
	kind tokenKind
	text string
}

type tokenKind int

const (
	endToken tokenKind = iota
	characterToken
	escapedToken
	nameToken
	expressionToken
	modifierToken
	openToken
	closeToken
)

// split gives the tokens of a pattern.
func split(pattern string) ([]token, error) {
	var tokens []token
	for pattern != "" {
		size := 1
		next := token{kind: characterToken}
		switch pattern[0] {
		case '*', '+', '?':
			next.kind = modifierToken
		case '{':
			next.kind = openToken
		case '}':
			next.kind = closeToken
		case '\\':
			next.kind = escapedToken
			pattern = pattern[1:]
			if pattern == "" {
				return nil, errors.New("it ends in a backslash")
			}
		case ':':
			next.kind = nameToken
			pattern = pattern[1:]
			for size = 0; size < len(pattern) && isWordCharacter(pattern[size]); size++ {
			}
			if size == 0 {
				return nil, errors.New("a colon has no name behind it")
			}
		case '(':
			expression, err := cutExpression(pattern[1:])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, token{expressionToken, expression})
			pattern = pattern[len(expression)+2:]
			continue
		}
		next.text, pattern = pattern[:size], pattern[size:]
		tokens = append(tokens, next)
	}
	return append(tokens, token{}), nil
}

// cutExpression gives what stands before the parenthesis that closes text.
func cutExpression(text string) (string, error) {
	depth := 1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth > 0 {
			continue
		}
		expression := text[:i]
		if expression == "" || expression[0] == '?' {
			return "", errors.New("there is no expression in (…)")
		}
		return expression, checkExpression(expression)
	}
	return "", errors.New("a parenthesis is not closed")
}

// parser makes parts of tokens.
type parser struct {
	tokens []token // ends with an endToken
	parts  []part
	text   string // characters that are in no part yet
}

func parse(pattern string) ([]part, error) {
	tokens, err := split(pattern)
	if err != nil {
		return nil, err
	}
	p := parser{tokens: tokens}
	for p.tokens[0].kind != endToken {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	p.flush()
	return p.parts, nil
}

// take gives the text of the next token if it is of that kind, and otherwise "".
func (p *parser) take(kind tokenKind) string {
	if p.tokens[0].kind != kind {
		return ""
	}
	text := p.tokens[0].text
	p.tokens = p.tokens[1:]
	return text
}

func (p *parser) takeText() (text string) {
	for p.tokens[0].kind == characterToken || p.tokens[0].kind == escapedToken {
		text += p.tokens[0].text
		p.tokens = p.tokens[1:]
	}
	return text
}

func (p *parser) flush() {
	if p.text != "" {
		p.parts = append(p.parts, part{text: p.text})
		p.text = ""
	}
}

func (p *parser) next() error {
	character := p.take(characterToken)
	made := part{name: p.take(nameToken), expression: p.take(expressionToken)}
	switch {
	case made.name != "" || made.expression != "":
		// A slash or a dot belongs to the parameter behind it, and is optional with it.
		if character == "/" || character == "." {
			made.prefix = character
		} else {
			p.text += character
		}
		p.flush()
	case character != "":
		p.text += character
		return nil
	case p.tokens[0].kind == escapedToken:
		p.text += p.take(escapedToken)
		return nil
	case p.take(openToken) == "":
		return fmt.Errorf("%q stands where it means nothing", p.tokens[0].text)
	default:
		p.flush()
		made.prefix, made.name, made.expression = p.takeText(), p.take(nameToken), p.take(expressionToken)
		made.suffix = p.takeText()
		if p.take(closeToken) == "" {
			return errors.New("a brace is not closed, or holds more than one parameter")
		}
	}
	if made.name != "" && made.expression == "" {
		var err error
		if made.expression, err = p.segment(made.prefix); err != nil {
			return err
		}
	}
	made.modifier = p.take(modifierToken)
	p.parts = append(p.parts, made)
	return nil
}

// segment is the expression of a parameter that has none of its own. What stands
// before it divides it from the parameter before, and so is no part of it.
func (p *parser) segment(prefix string) (string, error) {
	divider := prefix
	if n := len(p.parts); divider == "" && n > 0 {
		if divider = p.parts[n-1].text; divider == "" {
			return "", errors.New("there is no text between two parameters")
		}
	}
	switch {
	case divider == "" || strings.ContainsAny(divider, delimiters):
		return anySegment, nil
	case len(divider) == 1 && isWordCharacter(divider[0]):
		return "[^" + delimiters + divider + "]+?", nil
	case len(divider) == 1:
		return "[^" + delimiters + `\` + divider + "]+?", nil
	default:
		return "", fmt.Errorf("the text %q before a parameter holds no slash: a single character can be told from the parameter, more cannot", divider)
	}
}
