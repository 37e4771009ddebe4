using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Platform.Gateway.Tests;

/// <summary>What a gateway needs to start outside Development: a certificate for its keys and a password outside the settings.</summary>
public sealed class ProductionSettings : IDisposable
{
    private const string Password = "test-password";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-").FullName;

    public ProductionSettings()
    {
        using var rsa = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=keys", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(Path.Combine(_folder, "keys.pfx"), certificate.Export(X509ContentType.Pkcs12, Password));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal async Task<GatewayUnderTest> Start(KeysInDatabase keys, params (string Key, string Value)[] settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(keys.GatewayConnection) { Passfile = Path.Combine(_folder, "passwords") };
        await File.WriteAllTextAsync(connection.Passfile, $"*:*:*:{connection.Username}:{connection.Password}\n");
        connection.Password = null;
        return await GatewayUnderTest.Start(keys, "Production", settings:
        [
            ("ConnectionStrings:database", connection.ConnectionString),
            ("Keys:Certificate:Path", Path.Combine(_folder, "keys.pfx")),
            ("Keys:Certificate:Password", Password),
            .. settings,
        ]);
    }
}
