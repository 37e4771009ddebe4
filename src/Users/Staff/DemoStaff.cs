using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>Two demo baristas with the Telegram ids that the sandbox uses. They take loyalty's demo orders.</summary>
internal static class DemoStaff
{
    public const long FirstId = 900_001;
    public const long FirstTelegramId = 7_100_000_001;

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return await services.GetRequiredService<UsersDb>().Database.ExecuteSqlAsync(
            $"""
            insert into staff (id, telegram_id, full_name, role, added_at)
            overriding system value
            values ({FirstId}, {FirstTelegramId}, 'Борис', 'staff', {now}), ({FirstId + 1}, {FirstTelegramId + 1}, 'Olga', 'staff', {now})
            on conflict do nothing
            """, ct);
    }
}
