using Npgsql;
using Platform.ServiceDefaults.Web.Keys;

namespace Platform.Users.SignIn;

/// <summary>A step of <c>migrate</c>: creates the first key of the access tokens, so that every service finds one when it starts.</summary>
internal static class TokenKeys
{
    public static async Task CreateFirst(IServiceProvider services, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var configuration = services.GetRequiredService<IConfiguration>();
        await using var owner = NpgsqlDataSource.Create(configuration.GetConnectionString("owner")
            ?? throw new InvalidOperationException("ConnectionStrings:owner is missing: migrate connects as the owner of the schema."));
        PlatformKeys.EnsureKey(owner, configuration, services.GetRequiredService<IHostEnvironment>());
    }
}
