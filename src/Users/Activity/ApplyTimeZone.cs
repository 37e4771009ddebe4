using Microsoft.EntityFrameworkCore;
using Platform.ServiceDefaults.Time;
using Platform.Users.Storage;

namespace Platform.Users.Activity;

/// <summary>Writes the business's time zone to the database at each start: the views count by its days. Days already counted do not change.</summary>
internal sealed class ApplyTimeZone(IServiceScopeFactory scopes, BusinessClock wall) : IHostedService
{
    /// <exception cref="Npgsql.PostgresException">The database does not know the time zone: its tz data is out of date.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<UsersDb>();
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into calendar as known (time_zone) select {wall.TimeZone} where timezone({wall.TimeZone}, timestamptz 'epoch') is not null
            on conflict (one_row) do update set time_zone = excluded.time_zone where known.time_zone <> excluded.time_zone
            """, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
