using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Platform.Ops.Provision;

/// <summary>Passwords of a service's two database roles.</summary>
/// <param name="Service">Name of the service, its schema and the role it runs with.</param>
/// <param name="Password">Of the role <paramref name="Service"/>, which reads and writes rows of its own schema.</param>
/// <param name="OwnerPassword">Of the role <c>[service]_owner</c>, which owns the schema; null if the service has none.</param>
public sealed record ServiceLogin(string Service, string Password, string? OwnerPassword)
{
    // A record's ToString prints all members, and these are passwords.
    public override string ToString() => Service;
}

/// <summary>
/// Who may do what in the platform's database. Each service has a schema, which its owner role changes (only in
/// <c>migrate</c>) and its service role reads and writes. Neither can touch another service's schema.
/// </summary>
/// <remarks>
/// One exception: every service role reads <c>platform.keys</c>, the keys of the access tokens, as a member of
/// <c>platform_keys_reader</c>; <c>users_owner</c> creates the table and <c>users</c> adds keys. Owners cannot create
/// extensions, so these are in the schema <c>extensions</c>, and migrations qualify what they use, as in
/// <c>extensions.gin_trgm_ops</c>.
/// </remarks>
public static partial class Provisioning
{
    private const string KeysOwner = "users";
    private const string KeysReader = "platform_keys_reader";

    /// <summary>Indexes parts of words; ships with PostgreSQL.</summary>
    private const string Trigrams = "pg_trgm";
    private const string Extensions = "extensions";

    /// <summary><c>tuple concurrently updated</c> has no code of its own.</summary>
    private const string ConcurrentUpdate = PostgresErrorCodes.InternalError;

    private const int Tries = 20;

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    /// <exception cref="TimeoutException">The server did not accept connections in time.</exception>
    public static async Task WaitUntilAccepting(string connectionString, TimeSpan wait, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(ct);
                return;
            }
            // The server is starting or not there yet. A wrong password or a missing database does not fix itself.
            catch (NpgsqlException e) when (e is not PostgresException { SqlState: not PostgresErrorCodes.CannotConnectNow })
            {
                if (Stopwatch.GetElapsedTime(started) + AskEvery > wait)
                {
                    throw new TimeoutException($"PostgreSQL did not accept connections within {wait.TotalSeconds:0} s: {e.Message}", e);
                }
            }

            await Task.Delay(AskEvery, ct);
        }
    }

    /// <summary>Creates what is missing and updates passwords and grants in one transaction. Safe to repeat.</summary>
    /// <param name="connectionString">To the platform's database, as a superuser or as its owner with CREATEROLE.</param>
    /// <exception cref="ArgumentException">A service's name is not a valid role name.</exception>
    public static async Task Apply(string connectionString, IReadOnlyCollection<ServiceLogin> services, CancellationToken ct)
    {
        foreach (var service in services)
        {
            if (!SafeName().IsMatch(service.Service))
            {
                throw new ArgumentException(
                    $"'{service.Service}' is not a valid role name: use up to 40 lower case letters, digits and _, beginning with a letter.");
            }
        }

        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var transaction = await connection.BeginTransactionAsync(ct);
                await using var command = new NpgsqlCommand(
                    $"{Script(services, Verifier)} comment on schema {Extensions} is '{Mark(services)}';", connection);
                await command.ExecuteNonQueryAsync(ct);
                await transaction.CommitAsync(ct);
                return;
            }
            // Roles belong to the whole server: another run changed the same ones for another database.
            catch (PostgresException e) when (tries < Tries
                && e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DuplicateObject or ConcurrentUpdate)
            {
                await Task.Delay(AskEvery, ct);
            }
        }
    }

    /// <returns>What <see cref="Apply"/> would create, such as <c>role bots</c> or <c>schema bots</c>.</returns>
    /// <param name="connectionString">To the platform's database, with any login.</param>
    public static async Task<IReadOnlyList<string>> Missing(string connectionString, IReadOnlyCollection<ServiceLogin> services, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("""
            select 'role ' || name from unnest($1) as wanted (name)
            where not exists (select from pg_roles where rolname = name)
            union all
            select 'schema ' || name from unnest($2) as wanted (name)
            where not exists (select from pg_namespace where nspname = name)
            union all
            select 'extension ' || name from unnest($3) as wanted (name)
            where not exists (select from pg_extension where extname = name)
            """);
        var withSchema = services.Where(service => service.OwnerPassword is not null).Select(service => service.Service).ToArray();
        command.Parameters.Add(new()
        {
            Value = (string[])[KeysReader, .. services.Select(service => service.Service), .. withSchema.Select(service => $"{service}_owner")],
        });
        command.Parameters.Add(new() { Value = (string[])[.. withSchema, Extensions] });
        command.Parameters.Add(new() { Value = (string[])[Trigrams] });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var missing = new List<string>();
        while (await rows.ReadAsync(ct))
        {
            missing.Add(rows.GetString(0));
        }

        return missing;
    }

    /// <summary>What <see cref="Apply"/> would have to fix; empty if nothing.</summary>
    /// <param name="connectionString">Address of the platform's database; its login is not used.</param>
    /// <remarks>Does not notice grants that were revoked by hand; <see cref="Apply"/> restores them.</remarks>
    public static async Task<IReadOnlyList<string>> Outdated(string connectionString, IReadOnlyCollection<ServiceLogin> services, CancellationToken ct)
    {
        var logins = services.SelectMany(service => new (string Role, string? Password)[]
        {
            (service.Service, service.Password), ($"{service.Service}_owner", service.OwnerPassword),
        });
        var refused = await Task.WhenAll(
            from login in logins
            where login.Password is not null
            select Refusal(connectionString, login.Role, login.Password, ct));
        List<string> outdated = [.. refused.OfType<string>()];
        if (outdated.Count > 0)
        {
            return outdated;
        }

        // Any login may read the catalog.
        var one = services.First();
        var anyone = As(connectionString, one.Service, one.Password);
        outdated.AddRange(await Missing(anyone, services, ct));
        await using var connection = new NpgsqlConnection(anyone);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand($"select obj_description(to_regnamespace('{Extensions}'), 'pg_namespace')", connection);
        if (await command.ExecuteScalarAsync(ct) as string != Mark(services))
        {
            outdated.Add("grants, as this version gives them");
        }

        return outdated;
    }

    private static string As(string connectionString, string role, string password) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = password, Pooling = false }.ConnectionString;

    private static async Task<string?> Refusal(string connectionString, string role, string password, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(As(connectionString, role, password));
            await connection.OpenAsync(ct);
            return null;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return $"login {role}";
        }
    }

    // A comment in the database that records which script ran last. Passwords are excluded: they are tested by logging in.
    private static string Mark(IEnumerable<ServiceLogin> services) => "provisioned by " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        Script([.. services.OrderBy(service => service.Service, StringComparer.Ordinal)], _ => ""))));

    /// <summary>
    /// The SCRAM verifier that the server stores, computed here so that the password appears in no statement or log. A password
    /// with non-ASCII letters, which only the server can normalize, is returned as it is.
    /// </summary>
    private static string Verifier(string password)
    {
        if (!Ascii.IsValid(password))
        {
            return password;
        }

        const int iterations = 4096;
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }

    private static string Script(IReadOnlyCollection<ServiceLogin> services, Func<string, string> secret)
    {
        var sql = new StringBuilder("""
            do $begin$
            begin
                if (select rolsuper from pg_roles where rolname = current_user) then
                    -- One run at a time per server: roles are shared, and two runs would conflict in the catalog.
                    lock table pg_authid in share row exclusive mode;
                    -- Verifiers must not be logged.
                    set local log_statement = 'none';
                    set local log_min_duration_statement = -1;
                    set local log_min_error_statement = 'panic';
                else
                    perform pg_advisory_xact_lock(hashtextextended('platform:provision', 0));
                end if;
            end $begin$;
            -- Existing objects are expected.
            set local client_min_messages = 'warning';

            revoke all on schema public from public;

            """);
        sql.Append(CultureInfo.InvariantCulture, $"""
            create schema if not exists {Extensions};
            grant usage on schema {Extensions} to public;
            create extension if not exists {Trigrams} with schema {Extensions};
            do $extension$
            begin
                -- If it was created by hand, it may be in another schema.
                if not exists (select from pg_extension where extname = '{Trigrams}' and extnamespace = '{Extensions}'::regnamespace) then
                    alter extension {Trigrams} set schema {Extensions};
                end if;
            end $extension$;

            """);
        sql.Append(Role(KeysReader, "nologin"));
        foreach (var service in services)
        {
            sql.Append(Role(service.Service, $"login password {Quoted(secret(service.Password))}")).Append(NarrowPath(service.Service, service.Service));
            sql.Append("grant ").Append(KeysReader).Append(" to ").Append(service.Service).Append(";\n");
            if (service.OwnerPassword is { } password)
            {
                sql.Append(Schema(service.Service, secret(password)));
            }
        }

        if (services.Any(service => service is { Service: KeysOwner, OwnerPassword: not null }))
        {
            sql.Append("""
                create schema if not exists platform authorization users_owner;
                alter schema platform owner to users_owner;
                grant usage on schema platform to platform_keys_reader;

                """);
        }

        return sql.ToString();
    }

    private static string Schema(string service, string ownerPassword) => $"""
        {Role($"{service}_owner", $"login password {Quoted(ownerPassword)}")}{NarrowPath($"{service}_owner", service)}
        do $member$
        begin
            -- Without superuser rights, only a member of the owner role may create and change its objects.
            if not pg_has_role('{service}_owner', 'usage') then
                grant {service}_owner to current_user;
            end if;
        end $member$;
        create schema if not exists {service} authorization {service}_owner;
        alter schema {service} owner to {service}_owner;
        grant usage on schema {service} to {service};
        alter default privileges for role {service}_owner revoke execute on functions from public;
        alter default privileges for role {service}_owner in schema {service} grant select, insert, update, delete on tables to {service};
        alter default privileges for role {service}_owner in schema {service} grant usage on sequences to {service};
        alter default privileges for role {service}_owner in schema {service} grant execute on functions to {service};

        """;

    private static string Role(string name, string options) => $"""
        do $role$
        begin
            if not exists (select from pg_roles where rolname = '{name}') then
                create role {name};
            end if;
            -- Only a superuser may remove these attributes, or name them at all.
            if (select rolsuper or rolreplication or rolbypassrls from pg_roles where rolname = '{name}') then
                alter role {name} nosuperuser noreplication nobypassrls;
            end if;
        end $role$;
        alter role {name} nocreatedb nocreaterole {options};

        """;

    private static string NarrowPath(string role, string schema) => $"alter role {role} set search_path = {schema};\n";

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[a-z][a-z0-9_]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex SafeName();
}
