using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Platform.AppHost;

/// <summary>Who may log in to the one database, and with what: each role's password is derived from <c>DATABASE_SECRET</c>.</summary>
internal sealed class DatabaseLogins(int port, IConfiguration settings)
{
    /// <summary>Each has a schema, a role <c>name</c> for its rows and a role <c>name_owner</c> for its tables.</summary>
    public static readonly string[] WithSchema = ["users", "courses", "loyalty", "billing", "letters", "notifications", "bots"];

    /// <summary>Each has a role and reads nothing but the keys of the tokens.</summary>
    public static readonly string[] WithoutSchema = ["gateway"];

    public string Superuser => For("postgres", settings.Need("POSTGRES_PASSWORD"));

    public string For(string role) => For(role, PasswordOf(role));

    public string PasswordOf(string role) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Need("DATABASE_SECRET")), Encoding.UTF8.GetBytes(role)));

    private string For(string role, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Database = "platform",
        Username = role,
        Password = password,
    }.ConnectionString;
}
