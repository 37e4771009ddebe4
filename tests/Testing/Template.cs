using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Platform.Testing;

/// <summary>A migrated database and a virtual host, made once per run by a deployment's own commands and copied for each test class.</summary>
internal sealed record Template(string Name)
{
    public const string Password = TestDatabase.Password;

    /// <summary>Has a role, to read the keys, and nothing to migrate.</summary>
    private const string Gateway = "gateway";

    /// <summary>Creates <c>platform.keys</c>, which every service needs to start.</summary>
    private const string Users = "users";

    private static readonly ConcurrentDictionary<string, Lazy<Task<Template>>> Created = new();

    public static Task<Template> For(IEnumerable<string> services)
    {
        var all = services.Append(Users).Distinct().Order(StringComparer.Ordinal).ToArray();
        return Created.GetOrAdd(string.Join('_', all), key => new Lazy<Task<Template>>(() => Make(key, all))).Value;
    }

    private static async Task<Template> Make(string key, string[] services)
    {
        var servers = await Servers.Addresses;
        // PostgreSQL cuts names at 63 bytes, so long ones could clash.
        var name = key.Length <= 24 ? key : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..24];
        var template = new Template($"template_{servers.Run}_{name}");

        // Other test processes may need the same template at the same time, and roles are shared by the whole server.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(servers.Postgres) { Pooling = false,
            CommandTimeout = 300 }.ConnectionString);
        await connection.OpenAsync();
        await Execute("select pg_advisory_lock(hashtext('tests: templates'))");
        await using var look = new NpgsqlCommand("select exists (select from pg_database where datname = $1 and datistemplate)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = template.Name } },
        };
        if (await look.ExecuteScalarAsync() is true)
        {
            return template;
        }

        await Execute($"drop database if exists \"{template.Name}\" with (force)");
        await Execute($"create database \"{template.Name}\"");
        await using (var database = new TestDatabase(template.Name, servers.Postgres))
        {
            await Run(Repository.Program("Ops", "platform"), ["provision"], Roles(services).Prepend(new("ConnectionStrings__postgres", database.Superuser)));
            await Management.PutVirtualHost(template.Name);
            // Users first, since all services read its keys. The others in any order.
            foreach (var service in services.Where(service => service != Gateway).OrderBy(service => service != Users))
            {
                await Run(Repository.ServiceProgram(service), ["migrate"],
                [
                    .. ServiceSettings.Of(service, database, await VirtualHost.AddressOf(template.Name)),
                    new("ConnectionStrings:owner", database.Owner(service)),
                ]);
            }
        }

        // Never changed from here on, only copied.
        await Execute($"alter database \"{template.Name}\" with is_template true allow_connections false");
        return template;

        async Task Execute(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Roles(IEnumerable<string> services)
    {
        foreach (var service in services)
        {
            yield return new($"Roles__{service}__Password", Password);
            if (service != Gateway)
            {
                yield return new($"Roles__{service}__OwnerPassword", Password);
            }
        }
    }

    private static async Task Run(string program, string[] words, IEnumerable<KeyValuePair<string, string>> settings)
    {
        var outcome = await ServiceProcess.Run(program, words, settings, TimeSpan.FromMinutes(2));
        if (outcome.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', words)} ended with {outcome.ExitCode}:\n{outcome.Output}");
        }
    }
}
