using System.Globalization;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using Platform.Billing.Storage;

namespace Platform.Billing.Credits;

/// <summary>
/// Demo data: a rate card if there is none, and the start credits and deductions of fifty of the demo guests that Users seeds, the same
/// each time. They go through the same functions as real accounts and deductions, with past times.
/// </summary>
internal static class DemoCredits
{
    // The ids that Users gives its demo guests.
    private const long FirstGuest = 900_001;
    private const int Guests = 50;

    private const int AccountAgeInDays = 200;

    private static readonly (string Name, decimal Price)[] Card =
    [
        ("Анализ ЭКГ", 5.50m), ("Анализ крови", 3.20m), ("Расшифровка снимка", 7.90m), ("Разбор резюме", 2.40m),
    ];

    public static async Task<long> Add(IServiceProvider services, CancellationToken ct)
    {
        var db = services.GetRequiredService<BillingDb>();
        var startCredits = services.GetRequiredService<IOptions<BillingOptions>>().Value.StartCredits.Roubles;
        var today = new DateTimeOffset(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var spent = Deductions(today).ToList();

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Only into an empty card, so that a line removed by an admin does not come back.
        var operations = await Run<long>(
            """
            with added as (
                insert into operations (name, price)
                select * from unnest(@names, @prices) where not exists (select from operations)
                returning 1)
            select count(*) from added
            """,
            new { names = Card.Select(line => line.Name).ToArray(), prices = Card.Select(line => line.Price).ToArray() });
        await Run<long>(
            "select count(*) from generate_series(@first, @last) guest, lateral open_account(guest, @startCredits, @openedAt)",
            new { startCredits, openedAt = today.AddDays(-AccountAgeInDays), first = FirstGuest, last = FirstGuest + Guests - 1 });
        // As a bot, which may also charge for operations that are no longer on the card.
        var deductions = await Run<long>(
            """
            select count(*) filter (where deduction.outcome = 'deducted')
            from unnest(@guests, @amounts, @operations, @keys, @times) as asked (guest, amount, operation, key, at),
                lateral deduct_credits(
                    guest, amount, operation, '{"model": "demo"}', null, true, @overdraft, key, sha256(convert_to(key, 'UTF8')), at) deduction
            """,
            new
            {
                overdraft = Overdraft.Limit.Roubles,
                guests = spent.Select(deduction => deduction.Guest).ToArray(),
                amounts = spent.Select(deduction => deduction.Price).ToArray(),
                operations = spent.Select(deduction => deduction.Operation).ToArray(),
                keys = spent.Select(deduction => deduction.Key).ToArray(),
                times = spent.Select(deduction => deduction.At.UtcDateTime).ToArray(),
            });
        await transaction.CommitAsync(ct);
        return operations + deductions;

        Task<T> Run<T>(string sql, object arguments) => db.Database.GetDbConnection().QuerySingleAsync<T>(
            new CommandDefinition(sql, arguments, transaction.GetDbTransaction(), cancellationToken: ct));
    }

    /// <returns>By guest, oldest first.</returns>
    private static IEnumerable<Deduction> Deductions(DateTimeOffset today)
    {
        for (var guest = 0; guest < Guests; guest++)
        {
            // Up to five deductions of at most 7.90, which the start credits cover.
            for (var number = 0; number < guest % 6; number++)
            {
                var (operation, price) = Card[(guest + number) % Card.Length];
                yield return new Deduction(
                    FirstGuest + guest,
                    operation,
                    price,
                    string.Create(CultureInfo.InvariantCulture, $"demo:{number}"),
                    // One every five weeks, in the daytime.
                    today.AddDays((35 * number) + (guest % 30) + 10 - AccountAgeInDays)
                        .AddHours(8 + (guest % 12)).AddMinutes(17 * (guest + number) % 60));
            }
        }
    }

    private sealed record Deduction(long Guest, string Operation, decimal Price, string Key, DateTimeOffset At);
}
