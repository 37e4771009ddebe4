using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ServiceDefaults.Web.Startup;

namespace Platform.ServiceDefaults.Web.Keys;

/// <summary>The Data Protection keys that all services share: created by Users in <c>platform.keys</c>, read by every service.</summary>
public static class PlatformKeys
{
    /// <summary>Data Protection application name. It must be the same everywhere, or tokens are refused.</summary>
    internal const string Application = "platform";

    /// <remarks>
    /// For Users' migration, which runs as the schema's owner. Every service's role is in the group
    /// <c>platform_keys_reader</c>. Backups leave this table out, although a certificate encrypts the keys in production.
    /// </remarks>
    public const string Sql = """
        create table platform.keys (
            id bigint generated always as identity primary key,
            friendly_name text not null,
            xml text not null,
            created_at timestamptz not null
        );
        grant usage on schema platform to platform_keys_reader, users;
        grant select on platform.keys to platform_keys_reader, users;
        grant insert on platform.keys to users;
        """;

    public const string DropSql = "drop table platform.keys;";

    /// <summary>Creates a key if there is no valid one: a step of <c>Users migrate</c>. The other services need one to start.</summary>
    /// <param name="owner">Connects as the owner of <c>platform.keys</c>.</param>
    /// <returns>Whether a key was created.</returns>
    /// <exception cref="InvalidOperationException">Outside Development, no certificate is configured to encrypt the key.</exception>
    public static bool EnsureKey(NpgsqlDataSource owner, IConfiguration configuration, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment() && ProductionRules.CheckKeys(configuration) is { } violation)
        {
            throw new InvalidOperationException(violation);
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddPlatformKeys(configuration, createsKeys: true, _ => new KeysInDatabase(owner, TimeProvider.System));
        using var provider = services.BuildServiceProvider();
        var keys = provider.GetRequiredService<IKeyManager>();
        var now = TimeProvider.System.GetUtcNow();
        if (keys.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now && key.ExpirationDate > now + TimeSpan.FromDays(2)))
        {
            return false;
        }

        keys.CreateNewKey(now, now + provider.GetRequiredService<IOptions<KeyManagementOptions>>().Value.NewKeyLifetime);
        return true;
    }

    internal static void AddPlatformKeys(
        this IServiceCollection services,
        IConfiguration configuration,
        bool createsKeys,
        Func<IServiceProvider, IXmlRepository> repository)
    {
        var protection = services.AddDataProtection().SetApplicationName(Application);
        if (!createsKeys)
        {
            protection.DisableAutomaticKeyGeneration();
        }

        services.AddOptions<KeyManagementOptions>()
            .Configure<IServiceProvider>((options, provider) => options.XmlRepository = repository(provider));

        var certificates = configuration.GetSection("Keys").Get<KeyOptions>() ?? new KeyOptions();
        if (certificates.Certificate is { Path: not null } current)
        {
            protection.ProtectKeysWithCertificate(current.Load());
            // Keys encrypted with a replaced certificate stay readable.
            protection.UnprotectKeysWithAnyCertificate([current.Load(), .. certificates.FormerCertificates.Select(former => former.Load())]);
        }
    }

    internal sealed class KeyOptions
    {
        public CertificateFile? Certificate { get; set; }

        public IList<CertificateFile> FormerCertificates { get; init; } = [];
    }

    /// <summary>A PKCS #12 file with a private key.</summary>
    internal sealed class CertificateFile
    {
        public string? Path { get; set; }

        public string? Password { get; set; }

        public X509Certificate2 Load() => X509CertificateLoader.LoadPkcs12FromFile(Path!, Password);
    }
}

internal sealed class KeysInDatabase(NpgsqlDataSource database, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("select xml from platform.keys order by id");
        using var rows = command.ExecuteReader();
        var keys = new List<XElement>();
        while (rows.Read())
        {
            keys.Add(XElement.Parse(rows.GetString(0)));
        }

        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var command = database.CreateCommand("insert into platform.keys (friendly_name, xml, created_at) values ($1, $2, $3)");
        command.Parameters.AddWithValue(friendlyName);
        command.Parameters.AddWithValue(element.ToString(SaveOptions.DisableFormatting));
        command.Parameters.AddWithValue(clock.GetUtcNow());
        command.ExecuteNonQuery();
    }
}
