// Package form has data forms (XEP-0004) as far as programs fill them in for
// each other.
package form

import "encoding/xml"

// Submit is Form.Type of a form that is filled in.
const Submit = "submit"

// Form is a data form with what is needed of it here.
type Form struct {
	XMLName xml.Name `xml:"jabber:x:data x"`
	Type    string   `xml:"type,attr"`
	Fields  []Field  `xml:"jabber:x:data field"`
}

// Field is one field of a Form.
type Field struct {
	Var    string   `xml:"var,attr"`
	Type   string   `xml:"type,attr,omitempty"`
	Values []string `xml:"jabber:x:data value"`
}

// NewSubmit makes a form that is filled in, of a FORM_TYPE.
func NewSubmit(formType string) *Form {
	return &Form{Type: Submit, Fields: []Field{{Var: "FORM_TYPE", Type: "hidden", Values: []string{formType}}}}
}

// Value gives the first value of a field; empty when there is none.
func (f *Form) Value(name string) string {
	for _, field := range f.Fields {
		if field.Var == name && len(field.Values) > 0 {
			return field.Values[0]
		}
	}
	return ""
}

// Add puts a field with one value at the end, unless the value is empty.
func (f *Form) Add(name, value string) {
	if value != "" {
		f.Fields = append(f.Fields, Field{Var: name, Values: []string{value}})
	}
}
