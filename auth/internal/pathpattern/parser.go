package pathpattern

import (
	"errors"
	"fmt"
	"strings"
)

// delimiters are the characters that end a parameter without an expression of its own.
const delimiters = "/#?"

// anySegment is the expression of a parameter that has none of its own, if the pattern does
// not end it at a further character.
const anySegment = "[^" + delimiters + "]+?"

// parser turns tokens into parts.
type parser struct {
	tokens []token // ends with an endToken
	parts  []part
	text   string // characters that are not in a part yet
}

// parse returns the parts of a pattern.
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

// take returns the text of the next token and moves on if it is of that kind, and otherwise
// returns "".
func (p *parser) take(kind tokenKind) string {
	if p.tokens[0].kind != kind {
		return ""
	}
	text := p.tokens[0].text
	p.tokens = p.tokens[1:]
	return text
}

// takeText returns the characters before the next token of another kind and moves on.
func (p *parser) takeText() (text string) {
	for p.tokens[0].kind == characterToken || p.tokens[0].kind == escapedToken {
		text += p.tokens[0].text
		p.tokens = p.tokens[1:]
	}
	return text
}

// flush makes a part of the characters that are not in one yet.
func (p *parser) flush() {
	if p.text != "" {
		p.parts = append(p.parts, part{text: p.text})
		p.text = ""
	}
}

// next reads a part or a single character.
func (p *parser) next() error {
	character := p.take(characterToken)
	made := part{name: p.take(nameToken), expression: p.take(expressionToken)}
	switch {
	case made.name != "" || made.expression != "":
		// A slash or a dot belongs to the parameter after it, and is optional with it.
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
		return fmt.Errorf("unexpected %q", p.tokens[0].text)
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

// segment returns the expression of a parameter that has none of its own. The text before it
// divides it from the previous parameter, so the parameter cannot contain that text.
func (p *parser) segment(prefix string) (string, error) {
	divider := prefix
	if n := len(p.parts); divider == "" && n > 0 {
		if divider = p.parts[n-1].text; divider == "" {
			return "", errors.New("no text between two parameters")
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
		return "", fmt.Errorf("the text %q before a parameter is longer than one character and has no slash, so the parameter cannot be separated from it", divider)
	}
}
