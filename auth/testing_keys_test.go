package auth

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"sync"
	"testing"
)

// Generating a key takes seconds on a busy machine, so tests read these. They were
// generated for this file and protect nothing.
const (
	testKeyPEM = `-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEAtapKQIRX7LEoUxIXzkTB50GAxOgTh6PShiQajjPZTuC5nvDp
iGGQUKPalImIb0Hz+25jF0N+VgOgAxGegUMhuCNT+RfmlyU9e39r2loJS9vDHYHB
CPl50XLvJ4jNfIJ2Yz6uCODKqzAPS/yhwsxmwyhdT2hCVPYAro1buFPv+yMibohQ
7Lq5V3V+lecuawq/QL1X//ChjK4xGEfYJK1sovz5omVUFjwORIdToXjtxN4OM84w
Jw1UIZnlpaS5iJpwDqUW6iux0JScMkeEuTxh11ECW8vJ2IJEmY+uS/IFurliTepL
aONdTQ9i27yU6IHJrM0sz7rqMeOCkS+DlWSweQIDAQABAoIBAAlNNvhS9mwLfZ60
Q1UHyvxf65uZbO+R5SyCYnwzvi2WXta7K9/0a+bfHujiWmKk+DzAYBE/vtMhZCLo
Fus0MGCs6WaskT1dtiZRxchUOhvg3J6RB1zh5jmB1qo57FiS1wQ5oEBa3zGw+CWK
Qc+XNu9I7K8tTdErF+mYGhFH9faQNa71/B584JmZQZSvSM2v4m+fVLlJnDlvKG1C
m0/RYYBkMJygUiPhqxG60Qq0mgHmfiH6CBYegstLT2Njq8JWlBsb4+8/lLZBeDLm
svoqrilDH3aF/mzU/wYNbdeiVUmqi16KlFQBbGQrtpIh1Kwmkl62TcJeNkkQyZkT
qKsk0sECgYEAxaUJTbf/9A4LC/5hR2Eh5Svwmb/6k9ovVWxXbnVRc72n5Ech6p1Q
prSNpqwpfzNpmFZUXXp0hSUsXlxZhLmajQIK0XdcjfO2Sdi6UiMX2fbQzdgF/IXQ
71n+TkTO2OtYTxnmtStCFAiWhIfrTeZFZ057oytdCUIk6nbkLqlGgEECgYEA601y
E0bPfubXXcJ+eYRvjR0khr1usgWpEQYGeWMrUCj/EQDAJ3To7crmGJn6/c/LEN6K
elkDlS7KTVHGyNHVrJ8IGzFBhUc7MFzvZsKIBpu2oVmdxdwigqpn5BmMSg7HgDvd
wdCXuq8lXEFrim5n3iy3hS9g49LpMvZaCXVJojkCgYBLUBkceWnaCOPivRs6hOPS
nQzAuav1XSW+SluCpsfT78gjL4vYB/wsmg6EHYRuiRvKxdK+ECSIe+LNTil6bvNa
mhWfPfmRyfWDbEeLdv3mu6tTVObrE97K5iMGliev9vYepkMIdCRo1+DrPZPHimCV
/g0U3zhDh+XjRkyrDyvjQQKBgG+5sCazAqcQ2MXuKbttRMJOSh+oJr1krqgkokJU
8iX3sVTTdGnHuyndo2+e/WwylAsIf9wkE+1r8CbSY37LE5gJUwIGW0P7VIFcP1gd
mhT5LrhiIuXl5oUAgJ/v+YrYhaW/x0XV05WSwDyT24o5bhwyQ1l765eBd7T5ADtp
c3MRAoGBAJldxYloW//8hYDzH2tHPtL/93BsuuY/0wmtuTDles/4trqkUw/if0W5
WNVDuYY9lAz5pkJ11ir84f28j4LuUPZ9PKDS3Eg6sAxq3u4Th5RYYBoOxvm7LWxg
5oCjw5wmqk7GxVga7KYkrNHfD737aKr2Lm67ZYTOsBOCSw+5+u/Q
-----END RSA PRIVATE KEY-----
`
	otherKeyPEM = `-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEAzEN6IlaOEGitlNuBYnNyxK9Z6rZkhGAj5bm1mSTBZtUW6Q1X
YLHryTojpvpcePBM8O4sm0Evd4jpozn7+HuTex9v76QXef6AbwiAXxF+o+OhmVKV
0a/l/agwL4ZHudTSctybvagt4f6fJtaQx87TI34zcB/HK1GGC2cEVELWfXLx6V1Z
Uiy2uEc9mjvzRpj5ukb1LIARqD5ZS/biCel90PU3G0fm3kDEztetL94fhM4BUy56
kIUZJ9hi+95NqnNgPoqVpGAGWJ+/STsgnuYzP2gJEAIUX6T02KoS3w4FtXXSabHt
w4Tyb4n+a2SvlVR48pX5cjmKVsflz8LVBVtgTwIDAQABAoIBADVV7ze1Ix48vwpt
8JBc9dxOryte2ctI8UakYbstwkRQIs3SunyYqKkgAbwxhmDb2jNU9ZfKgxLy0JLa
6qS828sb79YColCr+CxF64MnZcp0fzcyPcWFaQf9WSuno+XtoM/2M8JnfieTHUp+
X0qVAkOzycmeuppgjKBAk3xPAYO6vt1by2Nse2QPEWR4U2s1bzOUN1fyL3KOJGvs
zBpuaaZIH6k942ewa+IcA6tedIrLzoyj/3ogV852nRxE+/T3uk6S1hW7T5S/iuoV
tqXzM5+pkLiw6sVjaSk7jSpkW6TfxMK1IQrXCzWEbbt9A17wual3c6dogWoL4XDF
4GdVnVECgYEA7DCmMuspsJbu3uJUKrAAHt/0EGZNYTdXezLihAxBdmrHf8D6EDgq
/dXT8bvDuFb8KWBnbMH44WGO3GOyEW9Am5SAU+Avv6yRbarrxjCNqooozyT9umAF
OyzUX9cd3lEchWxMEDAgRp2DSjpYN9EWIxcJIF7sqjP2YN0tCbmTObECgYEA3WVR
yyL/uHkjNgMa7OUu6Sd69vaCpMLjRw4abtUKSpLFDPhHcOImv4HeW8HcyOw3NMZc
cs5kseynIsEZ+TJt2RKIRMPJReLFBzimCNKfsHc8VVAohmUMf1c57oMaG7CfcBfq
dUx7fdzoS1bktOxMB5HqjfMB0yKY2/OevrREuf8CgYA0gHvxRaT2xBZFJTpgYs8k
DdRK8PKycYLYt+7yO2cx03qVQ2hSwqmL00RRr9NJ3swexnc3DcctEmqXQvIKPhi2
fMQp4OO8T7fkEOJoI9LZ3exEX4ynKUEAbm6m/0J8cLtOTUx7LLd/+vN8RIvnnGq3
Uh+NOoyRKQvTbFbemonHgQKBgAyGuwX/SPCrCe74ZgGZRfozHaXzdJjV3f4bMiur
KhXmD/gX5BLi+MZFFsuiQFet5cG6p2hnfRMEDMDOpCWRUN3DSqp5WV324qbx8ZL2
N8rINEWvb1uLRBXAXaq9CDEg4SR6de2FEkegxBPfKrmB1RtoihjV8vh7MKLhOc4Y
bPsJAoGBANG6EEYUPiWO8G5uRBKaK3wTmt+gvTOcatmGU5FcLFgP/BUhOr6DBMa/
JspQ54/0hrNAOTLytPASgD62/0S+0Wzz7wA8wrKAHb0U2aIPdKaW5NxqzSGc6YzV
l5UDb6IMvSjHtBekzirJJRnJ/DqRv5zIVAmozJjbGDuet0J6wHjz
-----END RSA PRIVATE KEY-----
`
	largeKeyPEM = `-----BEGIN RSA PRIVATE KEY-----
MIIJKQIBAAKCAgEAwxIo/Zcn4oXDVUwY8Og9gCennXtivcalAEljmrNvTL+EgE+D
k29G9nKzV6ZBnGzi92j0JAfyzXeXXhCqhE6Hc8kkepuJOzxtDZKByuOnmP2Jr+Kx
vFxFZ168m2Y5+zyMuQA6t1AxDWrXE+eW0dlWFa0EBANiQlXIOFOu+q3bxp9Y3Od9
FENZF/DoBCqwF2qD2DYDhLgvITBmqK8r+vtpeCNt3pKn6OwoMQperfQUiVLkozk3
Lb++TlkJ3aiMV+Dqg/0dT9FzIGk2QjuF3GyiqyQjgsjwrqbRatbRmxp6LyZ/OY15
bYenoFRezb98XOiFM/p2SyfyoRVaaCnTN1MEt9ipxaUoQCc7jC2TFlKSU8bBDHEq
2eV59FJhda4nvAX3vEw2x7datm+lBeQuv1I8xSnhqo1WyB01yXnS6fjhnQGd34wA
yDpUIdIbjSDQ5PZIimO31vDbvA0h1Au83zIgfeNMIAfVdzDdnZWhoF3v4S3xKtFp
5z2NY0wnGBQH+TKbrrhDAW/y+0R9gAE3L3BjZEr9fOlDga5KcZdAAI0+TD02Luyx
6R6FU8m1G5vG441kkaX45gAZ6P1MOZi9UN8MDSGKo7KiXcSEb3eEEAcRvf7w20p0
uctu97dK/4h3LUutcZz3OYjKU3czcKjDshCtHHqZcHbZXB/a7LFVuZhncGsCAwEA
AQKCAgAPHuE+hvD4hhXWDsgAJIBf5rL/agkFXNh9ZTLrUu1VraK/r2ori3ycrddo
++IqFeah9ui1wkf31UVObUxKZSvqtbS2LEg+5zgszSZya6MaIM0DbTcJur1Gfflw
skPcTZ062eGzQ+wJdjalvFXcflRF6dtd1EVRjwSuGQ5/L+rRQpjIxsjTQUUureXO
LODpb8A4ijdLmltM30uV1744/jP2tAhYMFYDoAqdgohEQ58z5dEDNfQo/6vots4k
+GOojC6hfIVBIqMh6AXkrGh75Y/WZD68bIb7gsLI3U3yD+NYtEs4UtcOvm0n6GJQ
4H7rVLq+hLOWr8oG4njXiiZtK2o6E1RjbBzLxwuOaNVtLmRapo85JhUTUD0TMBXn
G9U5F+9K+wMIFgnoggCEsQyHX48u/307QLrLSiPyXMAAXvYEt92HdsW4B9Xu/g+N
p4d6k2xvkLYmcXdP9adW0uJbEjVHIOEALyHeCIPoj0I5R9S5I9+ouEkwikv8Bq9N
FuisCnXoYcaaRPHEwsuFFZPV1dOvTCn+I6tD1ZRDl0v14O+pOLCv18bVSewF5WDN
bW7zLbB7iEDM0Bhrr8Yw9NNoPeJ/5lA+v7yC0q3i2aH4pml/e6/oUaT6x7tLlBsf
STHB6pz3EYHfRRSkDpOq59y/y1l3MA4lr7spnMryWoZb8ag4wQKCAQEA3sq5B4fq
Rfl89eaH7awQCchGLYMDVoYzkjdo89gopTixgFcl+uJoN5uQC9lKwyz1SKq5bQQ1
3f2VuKQ1Dm5zTH/+SFeknIDzf573zWmW6ycF1uLWlSZZF7zGqBg2sjRjh8FT6mSe
bdMl4FEWWg+ALaSJcc13NW7zGWCC8xdlsZnXfwZWjf4g2Ms5JTgeL+97OHnyD0JA
7ADAlsPXhak70+t4AKk0vWCQXQ7aDLrC24Hg+tM3CrBOhHXSVEDxjI+ehPgjgzPJ
L4+pUn9djV6R00bQUhL4u93azFTPB7Vl3Cn4qHKaetnpa+AZ19FB1QlVI2KyBWso
zR1BqLe4KZfstwKCAQEA4CWp0Z8hrhd0L9ImMGmjinvQE139zJ1OZjT5sTkneiAN
58qDCvvOOTHXVAoLiK8g+s2U6GIXcNhtxeawIVv/e8GXrJ8e5uXI7iz5wZubtIDp
4mo1l+QUf06nR8Q0+AsUAAVNHb2Whnh5KUgLucwsKJLzNzMsh7B2g6Qf5v+/ShSl
P70Rgc2paNw13yzaviiql3z51ecSweE3eXPWIx7VIW9f0X4rRUKbCfGA8TH+MX/b
XYYvHXa3fS1yZ1cG96OmNI1oZn/Jb21ws32G6nk5nclJYVY+M/KCI3fVLHIzqZ+b
s/d60uHX8SJ7umNWbSnmTnqWPCwEKC4wmoV9miQN7QKCAQEAxHde/b4koPpm8O4P
Vk8SgZ3kDQRosCd+WOWWHtqy1SiOlw/DBWAc6VS8jUZcQItn7mHnTLSW0CFso7vi
scxCzuZcFe170yuADz3fZnxDwzDRXHMDKdn8XQty4A8iRLogPzoER0Hd2BmIYC0B
mf/rV9SuA/ZdtngV1n4eXEJ4wkpZF8I+F89Ppf5ocWLwc/Mq5V3cUQpq9/Od4hXn
/A2GHdabJ3IPeSUriXSsYudbKHl7LZWPB1T8mKDSDsyKdhq8fqPXpT7InrGAbqi0
lhMcY4Uh9g6W3AzDgscTHsgfgCxfBCS0B7wctK2V/JSjCjvFoYPKWy7pdx/io+cH
d15rNwKCAQB5kdPmHpHs00mv+iG+Vj1eCcMUDgFubc8svgTDK0WPBj2kfwDN/z6d
ZLvuF7ijvKB9hu0BkNo32RrIoFLc9QG/RIOYG4FuKCjvjTM038n2f4jaxVIl/I1l
cuplkTRNZ+zEChwGSmKOsl68lhfOAL/ejb0eLkIzofDVeznWVtWQP1xVEp2hMkN0
3SLW1YQaaQIFQcJbUoWo5BbrZ3k3+SwNg1OL0wty+CoQnYyaxMuiWz9GHVYGe/IP
EYwgImJkA71MeXmrRhmhttDOeQGowHEQdDC5e0YndJtC02aqQZJlqGyRkmNqZxVw
8ov6zo/8iyIfZHuBTTo/9LVlyYsTBAUNAoIBAQCzbAoVvHXF3+BLn6jN5LmZFFhd
xED9vEbgXof1x/vC0UznnunlLTEfqGcRjQpGnFsBwRcSd4KVETqzN9asXvKc1wkP
sWoD/NnU6I+fXl+7yEMX30c99tdeE06oTW7xN+PD0n9ZRl5KSNdV1dOKRALikO4e
QwRUT2mfnnA40tYeerzJDDlT625gMBOUgQYkFIpSCFFNxN+FiQAlCh8tfyrQ4VSl
yrJ/7JehNpDaryezDaPg74AYuWC6QobFEUHAwszR8zyQccIhqY8bZPP0KUuYYBZ/
k/JFG4DZBBysgQ2zdnwy4hIOnuX1uE10F5T2Bb68k1LZXMfW5G7E7KjSNhiO
-----END RSA PRIVATE KEY-----
`
)

var (
	testKey  = sync.OnceValue(func() *rsa.PrivateKey { return privateKey(testKeyPEM) })
	otherKey = sync.OnceValue(func() *rsa.PrivateKey { return privateKey(otherKeyPEM) })
	largeKey = sync.OnceValue(func() *rsa.PrivateKey { return privateKey(largeKeyPEM) })
)

func privateKey(text string) *rsa.PrivateKey {
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key
}

// testPEM returns the JWT key that verifies what mint signs.
func testPEM(tb testing.TB) string {
	tb.Helper()
	return publicPEM(tb, &testKey().PublicKey)
}

func publicPEM(tb testing.TB, key any) string {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// keyOfSize returns a key of that many bits, which verifies nothing.
func keyOfSize(bits int) *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	return &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}
}
