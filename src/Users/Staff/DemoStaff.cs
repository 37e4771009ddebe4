using Microsoft.EntityFrameworkCore;
using Platform.Users.Storage;

namespace Platform.Users.Staff;

/// <summary>
/// Six demo members of the staff, two for each of loyalty's demo shops: the first two have the Telegram ids that the sandbox uses, and the
/// second is a shift manager who may write to all guests.
/// </summary>
internal static class DemoStaff
{
    public const int Count = 6;

    public const long FirstId = 900_001;
    public const long FirstTelegramId = 7_100_000_001;

    private static readonly string[] Names = ["Борис", "Olga", "Тимур", "Алина", "Глеб", "Вера"];

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return await services.GetRequiredService<UsersDb>().Database.ExecuteSqlAsync(
            $"""
            insert into staff (id, telegram_id, full_name, role, staff_role, broadcast, added_at)
            overriding system value
            select {FirstId} + nth - 1, {FirstTelegramId} + nth - 1, name, 'staff', case nth when 2 then 'manager' else 'barista' end, nth = 2, {now}
            from unnest({Names}) with ordinality as member (name, nth)
            on conflict do nothing
            """, ct);
    }
}
