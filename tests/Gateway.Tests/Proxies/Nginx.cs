using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Platform.Testing;

namespace Platform.Gateway.Tests.Proxies;

/// <summary>Debian's nginx in front of the gateway: terminates TLS on a local port with its own certificate and passes calls on.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    /// <summary>The name that callers use.</summary>
    public const string Host = "coffee.example";

    // From the Debian package nginx, which ./test installs.
    private const string Program = "/usr/sbin/nginx";

    private readonly string _folder = Directory.CreateTempSubdirectory("nginx-").FullName;
    private readonly int _port = Ports.Free();
    private readonly Process _process;
    private readonly X509Certificate2 _certificate;

    private Nginx(Uri gateway)
    {
        using var key = RSA.Create(2048);
        _certificate = new CertificateRequest($"CN={Host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(PathOf("certificate.pem"), _certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(PathOf("nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid {{PathOf("pid")}};
            error_log {{PathOf("error.log")}};
            events { }
            http {
                access_log off;
                client_body_temp_path {{PathOf("body")}};
                proxy_temp_path {{PathOf("proxy")}};
                fastcgi_temp_path {{PathOf("fastcgi")}};
                uwsgi_temp_path {{PathOf("uwsgi")}};
                scgi_temp_path {{PathOf("scgi")}};
                server {
                    listen 127.0.0.1:{{_port}} ssl;
                    server_name {{Host}};
                    ssl_certificate {{PathOf("certificate.pem")}};
                    ssl_certificate_key {{PathOf("key.pem")}};
                    location / {
                        proxy_pass {{gateway.GetLeftPart(UriPartial.Authority)}};
                        proxy_http_version 1.1;
                        proxy_set_header Host $host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                    }
                }
            }
            """);
        _process = Process.Start(new ProcessStartInfo(Program, ["-p", _folder, "-c", PathOf("nginx.conf"), "-e", PathOf("error.log")]))!;
    }

    public static async Task<Nginx> InFrontOf(GatewayUnderTest gateway)
    {
        var nginx = new Nginx(gateway.Address);
        await Eventually.IsTrue(
            async () =>
            {
                nginx._process.HasExited.ShouldBeFalse(await File.ReadAllTextAsync(nginx.PathOf("error.log")));
                return (await nginx.Send(HttpMethod.Get, "/health/live", from: "127.0.0.1")).Status == HttpStatusCode.OK;
            },
            TestContext.Current.CancellationToken);
        return nginx;
    }

    /// <param name="from">The caller's loopback address.</param>
    public async Task<Answer> Send(HttpMethod method, string path, string from, params (string Name, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, ct) => GatewayUnderTest.ConnectFrom(from, _port, ct),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == _certificate.GetCertHashString(),
            },
        };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(method, $"https://{Host}{path}")
            { Content = method == HttpMethod.Post ? JsonContent.Create(new { }) : null };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
