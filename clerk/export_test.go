package clerk

// ModulePath and ModuleVersion are exported for the tests of the user agent.
const ModulePath = modulePath

var ModuleVersion = moduleVersion
