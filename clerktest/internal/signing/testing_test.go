package signing_test

import (
	"crypto/rsa"
	"testing"

	"github.com/backend-sdk/clerk-go/clerktest/internal/signing"
)

// The keys are published here and protect nothing. They are constants, because
// generating RSA keys is slow.
const (
	keyPEM = `-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDQ6oh0SN4Nav+H
VKPdrQXZSe4d5fU0Ekh0sC9PFtK8K+JpFzBw9VaHX13Boh8wTiCXq5hq9Q/oOJcM
jekCRVkSGcW6kRp2fWac/ZlbTfv6h1j3Ewk4/iuYBVOKlqhRDLwFoSDBLCcu1K42
/bANjo1m91kj5e6N/deacsgzbl+P2iEF+m+E/6cg76VHlJQtsjxPLT39KP+xqROk
6KpBJ3ioVS4QCvIGDgUPt7YBDmrPTLcyfV+WNtslOiuiEJLpQ/oLnJm5ihJ3usoe
BgbmBYzcCpBhHRf+1LfoAG+MBURvouiVlAnlv7xo+X/ipQcKtT1O8iInGYOGtq4r
9mXw9CL9AgMBAAECggEABuX3o39UdbT2ww00a/lunAIo7qvNMO75nYDDzyS9yKDa
VQYC/3faZ5Xqjp4/0WSDBv8PhViaMdzMgAmfjAemLUbUlJh9+zOg08Y77hvhGiCl
+2KRh2Q9JEPowka/QA3fl3/+iOJgWNeE+SPfUFNIsAGy29CX0/Bx0hPAMJKQbTuD
WPjdBfxESz2QXFbkQ3807HeV/0LSBxUbcgZfWMRIOaGvHBv+Ch4B8BFZw7AYsxEL
Pm/PK0IYyj+ENqswrNAVaid9NCm3cq6BRL1ZpjYcuK6OSaj1OliPGAp4/y7/Fi4/
pLSfLvpIgk+PQ3arJxFD62b2j0uPb8kJB8nK93VeAQKBgQDzGxFmJ+iZfRrtaeMu
CETh16wB6U2jeqGyOBsmRilWW/bDpuuinOWiCs5MUDsjeqqjymHfKTn0LIF1AXe4
zqwu1Rt+l5Gvzt3v3UA7HEs2h6P7SLJYhXcx3LZtA9GylTS6V+nPQ1C0/4z95naP
TSinJtK7nSsR17ZBlpSG858boQKBgQDb/zucMO4WsGMyrBh8Gps0LScJG831TlFf
oohEM1je4Log2lKicat0wVQjiNtG9NdGGasp8Nw+8g99lci4+syHR+fdqHx0Hu5d
5DB0xX9QUh7HOpOTE2qaUhVct4WjOOl4Lvbmc+MF7ASw8n0uqaAbhQBpHF83FaE3
A8bPOdyp3QKBgQC+igqbDNCL7Lg8OG/s1mJWuJmCbf+CEE3Hx53P49Hmc/H2609o
hpyc4udKfN+9MRmpgqgvJrrbnD5jHKFfYe0mT7VbBSUUrIjaxYjgS47P0IRAIXxX
UVRY6mq5CvNCixtmqh0Ba/tHwbwaDJYEPy+LwywMDGWDeJTK12DWXP/pwQKBgF3U
jmgftmyW7rg+DnNgJbIrT+rioQVvUeWoPNZZ0B2/W6OHepcuRCKYEnrVdDDfXLHZ
YNeSk12FgHXf3KyIy5MnaA1yPyKHzsLdAI3Nbm+jlt0Cbs7cCSuottPEsorbSzin
T0cbRkjQUW/m/N1aG5+hKnuqTjIAV7JPOgxIcYVBAoGBAMHg545uTQIKwo6vO02H
Gx7ZdzImoA9ISgKepCP3RYXJdcvgZgoUxvoYtZS+bn3aMGKeKjfNMv3jq8Mu0zyD
6ZM42THvbKctExuUl2JzKckpjXD63XwcyULQ/8zMB7C0HgW+810NeuNKYJFoW2hb
8w+AYWT8Ybc0cj4wTWQTDiAb
-----END PRIVATE KEY-----
`
	shortPEM = `-----BEGIN RSA PRIVATE KEY-----
MIICWwIBAAKBgQDL48ns+wY1Thu0KGvTU5kcCwWovIDSvbS3h1Fr+hhQw8KQyuUl
CE+VLrr5q5j8fQxkdvdR7Jg4z6O/+scG5oP4wpftFKS1WfrLngiDVK5wBZ5GwOWb
iSjKupTIu8vtny+LPoPfXGJvKvpS9jThYM0XbUDnHrEcKMMxxD4gzDSoHQIDAQAB
AoGACpcOSezP6bzg236t+xAAh+BaruT7m/aWiGHS7NTUpn1EgdjIBiBkYc9HjuhG
zfaAykcTmYG8dlbynmocJFOczxsm1L59SYkmC3Z4l9oTudrHND/OmVZO/0PQD5Ft
HNZ/gWynn0d98sMIQ+9q1AVyfYGKPaz8LuxIEA2+phUIZwECQQDx1nE1mscnChFX
97Ap+3/ThQPCAqFKzI4eAp789gL29nV6cS68/WC7KecMOloA0iI5Gig2M1J52o2Y
gLi56lpxAkEA19Rxi0Hhrpwmh/EQVXKRP45a1cK0FWxc452kEYK4JfDkuEMgmGIt
8wvC4CT8rM1Pv8CGaWeIq60Nn6d1oeWGbQJAP0Jf1KzLAWxBwyf4PdMaycKWjA5S
EJXXawQ2gGb9uYoYitHGbws8XVkFpg4xctuEtjkgYaUlItjHhyfMql0iEQJAXmyT
QFmSYtHuCYttmfSFl0iwdNS59KVz/iD5pq+J4Q+DARpdKE3LzIlYuLd11CP+v+V6
6KJjKLiNPUwGKs5AAQJAL7ulBMboJjwQ+0YPnd8rsjItoyVnhNb0JYtpyrJBSuhm
cGesgzbLsa7NtEGUtH8JmK7N0znbHYpoIUaZH7nKGQ==
-----END RSA PRIVATE KEY-----
`
)

func parseKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := signing.ParseKey(keyPEM)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
