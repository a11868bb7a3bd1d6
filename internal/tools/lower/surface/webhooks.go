package surface

// Event is one event that the service receives.
type Event struct {
	Name string // of the constant and of the field of Handlers
	Type string // such as user.created
	Doc  string // when it is sent
	// Data is the type of its data, as package webhooks writes it, and Argument the name
	// that such data has as an argument.
	Data, Argument string
}
