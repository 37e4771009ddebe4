using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class LogFileTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.Create();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Log_files_are_written_if_a_folder_is_set_and_errors_also_go_to_their_own_file()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using (var service = await TestService.Start(_database, app =>
                app.MapGet("/broken", string () => throw new InvalidOperationException("It broke.")).AllowAnonymous(), Ct,
                settings: [("Logging:Files:Directory", folder.FullName)]))
            {
                using var client = service.Anyone;
                service.Services.GetRequiredService<ILogger<LogFileTests>>().LogWarning("Only in the first file.");
                await client.GetAsync("/broken", Ct);
            }

            var all = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "users", "users.log"), Ct);
            var errors = await File.ReadAllTextAsync(Path.Combine(folder.FullName, "users", "users_errors.log"), Ct);
            all.ShouldContain("Only in the first file.");
            all.ShouldContain("It broke.");
            // Debug output of the driver and the framework is left out.
            all.ShouldNotContain(" DBG ");
            all.ShouldNotContain(" VRB ");
            all.ShouldNotContain("Npgsql.Connection");
            errors.ShouldContain("It broke.");
            errors.ShouldNotContain("Only in the first file.");
            errors.ShouldMatch("(?m)^[0-9TZ:.-]+ ERR Platform[.A-Za-z]+ [0-9a-f]{32} A request failed");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
