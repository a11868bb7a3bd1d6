package clerktest

import (
	"cmp"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"strings"

	"github.com/backend-sdk/clerk-go/api"
	"github.com/backend-sdk/clerk-go/clerk"
	"github.com/backend-sdk/clerk-go/clerktest/internal/resource"
	"github.com/backend-sdk/clerk-go/enterprise"
)

func (c *SeedEnterpriseConnection) samlID() string {
	if c.SAMLConnection == nil {
		return ""
	}
	return c.SAMLConnection.ID
}

// copySAML sets what parameters say of SAML. params has the members of api.EnterpriseSAML;
// the others come on their own.
func (c *SeedEnterpriseConnection) copySAML(params any, mapping clerk.Optional[enterprise.SAMLAttributeMappingParams], metadata clerk.Optional[string]) {
	settings := api.EnterpriseSAML{}
	if c.SAMLConnection != nil {
		settings = *c.SAMLConnection
	}
	resource.Copy(&settings, params)
	c.SAMLConnection = &settings
	assignPointer(&c.SAMLMetadata, metadata)
	if given, ok := mapping.Get(); ok {
		changed := c.attributeMapping()
		resource.Copy(changed, given)
		c.SAMLAttributeMapping = changed
	}
}

// attributeMapping returns a copy of the mapping of a connection.
func (c *SeedEnterpriseConnection) attributeMapping() *api.SAMLAttributeMapping {
	if c.SAMLAttributeMapping == nil {
		return &api.SAMLAttributeMapping{EmailAddress: "mail", FirstName: "givenName", LastName: "surname"}
	}
	copied := *c.SAMLAttributeMapping
	return &copied
}

// completeSAML checks the settings of a SAML connection and sets what follows from them.
func (i *Instance) completeSAML(c *SeedEnterpriseConnection) error {
	settings := api.EnterpriseSAML{}
	if c.SAMLConnection != nil {
		settings = *c.SAMLConnection
	}
	if c.SAMLMetadata != nil && *c.SAMLMetadata != "" {
		if err := readMetadata(&settings, *c.SAMLMetadata); err != nil {
			return err
		}
	}
	settings.IDPCertificateIssuedAt, settings.IDPCertificateExpiresAt = nil, nil
	if settings.IDPCertificate != "" {
		certificate, err := parseCertificate(settings.IDPCertificate)
		if err != nil {
			return invalid("form_param_format_invalid", "idp_certificate", "must be an X.509 certificate")
		}
		settings.IDPCertificateIssuedAt, settings.IDPCertificateExpiresAt = new(clerk.At(certificate.NotBefore)), new(clerk.At(certificate.NotAfter))
	}
	switch {
	case settings.IDPSSOURL != "" && hostOf(settings.IDPSSOURL) == "":
		return invalid("form_param_format_invalid", "idp_sso_url", "must be a full URL")
	case settings.IDPMetadataURL != "" && hostOf(settings.IDPMetadataURL) == "":
		return invalid("form_param_format_invalid", "idp_metadata_url", "must be a full URL")
	}
	complete := settings.IDPEntityID != "" && settings.IDPSSOURL != "" && settings.IDPCertificate != ""
	if c.Active && !complete && settings.IDPMetadataURL == "" {
		return invalid("saml_connection_cant_be_activated", "active", "needs the metadata of the identity provider, or its entity ID, sign-on URL and certificate")
	}
	hint := clerk.Value(settings.LoginHint)
	hint.Mode = cmp.Or(hint.Mode, api.SAMLLoginHintModeEmailAddress)
	settings.LoginHint = &hint
	if settings.LoginHint.Mode == api.SAMLLoginHintModeCustomAttribute && clerk.Value(settings.LoginHint.Source) == "" {
		return invalid("form_param_missing", "login_hint", "must have a source for the mode custom_attribute")
	}
	settings.ID = cmp.Or(settings.ID, derivedID("samlc", c.ID))
	settings.Name, settings.Active = cmp.Or(settings.Name, c.Name), c.Active
	issuer := i.Issuer()
	settings.ACSURL, settings.SPEntityID = issuer+"/v1/saml/acs/"+settings.ID, issuer+"/saml/"+settings.ID
	settings.SPMetadataURL = issuer + "/v1/saml/metadata/" + settings.ID + ".xml"
	c.SAMLConnection, c.SAMLAttributeMapping = &settings, c.attributeMapping()
	return nil
}

// entityDescriptor is the part of an identity provider's metadata that a connection needs.
type entityDescriptor struct {
	EntityID string `xml:"entityID,attr"`
	Provider struct {
		Certificates []string `xml:"KeyDescriptor>KeyInfo>X509Data>X509Certificate"`
		SignOn       []struct {
			Location string `xml:",attr"`
		} `xml:"SingleSignOnService"`
	} `xml:"IDPSSODescriptor"`
}

// readMetadata sets the settings that the metadata of an identity provider has.
func readMetadata(settings *api.EnterpriseSAML, text string) error {
	var metadata entityDescriptor
	if err := xml.Unmarshal([]byte(text), &metadata); err != nil || metadata.EntityID == "" || len(metadata.Provider.SignOn) == 0 {
		return invalid("form_param_format_invalid", "idp_metadata", "must be the XML metadata of a SAML identity provider")
	}
	settings.IDPEntityID, settings.IDPSSOURL = metadata.EntityID, metadata.Provider.SignOn[0].Location
	if certificates := metadata.Provider.Certificates; len(certificates) > 0 {
		settings.IDPCertificate = strings.TrimSpace(certificates[0])
	}
	return nil
}

// parseCertificate parses a certificate with or without the lines of PEM around it.
func parseCertificate(text string) (*x509.Certificate, error) {
	text = strings.NewReplacer("-----BEGIN CERTIFICATE-----", "", "-----END CERTIFICATE-----", "").Replace(text)
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
