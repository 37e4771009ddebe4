using System.Globalization;
using Platform.Bots.Conversations;
using Platform.Contracts;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.BaristaBot;

/// <summary>What the barista did on a day: totals, then operations, newest first. Their own orders can be undone from here.</summary>
internal static class MyHistory
{
    public const string Page = "mine.page";

    private const int OperationsPerPage = 8;

    /// <summary>Operations read at once, and shown a page at a time.</summary>
    private const int Batch = 96;

    /// <summary>Only the newest can still be undone by a barista; each one is looked up.</summary>
    private const int MostUndos = 3;

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        turn.Chat.Finish();
        var (keyboard, lines) = await PageOf(turn, turn.Wall.DayOf(turn.Now), page: 0, ct);
        await turn.Reply.SayLines(keyboard, ct, lines);
    }

    public static async Task TurnPage(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Argument.Split('.') is [var day, var number]
            && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var page))
        {
            var (keyboard, lines) = await PageOf(turn, date, page, ct);
            await turn.Reply.ReplaceLines(keyboard, ct, lines);
        }
        else
        {
            await turn.Reply.Toast("button.outdated", ct);
        }
    }

    private static async Task<(InlineKeyboardMarkup Keyboard, string?[] Lines)> PageOf(Turn turn, DateOnly day, int page, CancellationToken ct)
    {
        var (first, operations, more) = await Read(turn, day, page, ct);
        var totals = first.Totals;
        var today = turn.Wall.DayOf(turn.Now);
        string?[] lines =
        [
            turn.Texts.Line(day == today ? "mine.today" : "mine.day", ("date", day)),
            turn.Texts.Line(
                "mine.totals", ("orders", totals.Orders), ("revenue", totals.Revenue), ("earned", totals.PointsEarned), ("spent", totals.PointsSpent),
                ("given", totals.GiftsIssued), ("redeemed", totals.GiftsRedeemed)),
            operations.Count == 0 ? turn.Texts.Line("mine.none") : "",
            .. operations.Select(operation => LineOf(turn, operation)),
        ];

        var undos = day == today && page == 0 ? await Undos(turn, operations, ct) : [];
        return (new InlineKeyboardMarkup([.. undos, .. Pages(turn, day, today, page, more)]), lines);
    }

    private static IEnumerable<InlineKeyboardButton[]> Pages(Turn turn, DateOnly day, DateOnly today, int page, bool more)
    {
        InlineKeyboardButton?[] within =
        [
            page > 0 ? Button("button.mine_newer", day, page - 1) : null,
            more ? Button("button.mine_older", day, page + 1) : null,
        ];
        if (within.OfType<InlineKeyboardButton>().ToArray() is { Length: > 0 } buttons)
        {
            yield return buttons;
        }

        yield return day < today
            ? [Button("button.mine_day_before", day.AddDays(-1), 0), Button("button.mine_day_after", day.AddDays(1), 0)]
            : [Button("button.mine_day_before", day.AddDays(-1), 0)];

        InlineKeyboardButton Button(string key, DateOnly of, int number) =>
            turn.Texts.Button(key, string.Create(CultureInfo.InvariantCulture, $"{Page}:{of:yyyyMMdd}.{number}"));
    }

    private static async Task<IReadOnlyList<InlineKeyboardButton[]>> Undos(Turn turn, IReadOnlyList<Operation> operations, CancellationToken ct)
    {
        var buttons = new List<InlineKeyboardButton[]>();
        foreach (var operation in operations.Where(operation => operation.Kind == "order").Take(MostUndos))
        {
            var order = await turn.Gateway.Get<UndoableOrder>($"/api/loyalty/orders/{operation.Id}", ct);
            if (order.NoRefundBecause is null)
            {
                buttons.Add([turn.Texts.Button("button.undo_number", $"{UndoOrder.Ask}:{operation.Id}", ("order", $"{operation.Id}"))]);
            }
        }

        return buttons;
    }

    /// <returns>The first batch, which has the day's totals; the operations of the page; and whether there are more.</returns>
    private static async Task<(Operations First, IReadOnlyList<Operation> Page, bool More)> Read(Turn turn, DateOnly day, int page, CancellationToken ct)
    {
        var address = string.Create(
            CultureInfo.InvariantCulture, $"/api/loyalty/operations?staff=me&from={day:yyyy-MM-dd}&to={day:yyyy-MM-dd}&limit={Batch}");
        var first = await turn.Gateway.Get<Operations>(address, ct);
        var batch = first;
        var skip = page * OperationsPerPage;
        for (; skip >= Batch && batch.Next is { } next; skip -= Batch)
        {
            batch = await turn.Gateway.Get<Operations>($"{address}&after={Uri.EscapeDataString(next)}", ct);
        }

        return (first, [.. batch.Items.Skip(skip).Take(OperationsPerPage)], batch.Items.Count > skip + OperationsPerPage || batch.Next is not null);
    }

    private static string LineOf(Turn turn, Operation operation)
    {
        var guest = operation.User is { } user ? new GuestAtCounter(user.UserId, user.Name).ShownIn(turn) : turn.Texts.Label("guest.unnamed");
        (string, object?)[] values =
        [
            ("time", turn.Wall.TimeOf(operation.At)), ("id", $"{operation.Id}"), ("guest", guest), ("amount", operation.Amount ?? default),
            ("points", operation.Points ?? default), ("title", operation.Title ?? ""),
        ];
        return operation.Kind switch
        {
            "order" => turn.Texts.Line("mine.order", values),
            "refund" => turn.Texts.Line("mine.refund", values),
            "giftIssued" => turn.Texts.Line("mine.gift_issued", values),
            "giftRedeemed" => turn.Texts.Line("mine.gift_redeemed", values),
            "adjustment" => turn.Texts.Line("mine.adjustment", values),
            // A kind that a later release of the service adds.
            _ => turn.Texts.Line("mine.other", values),
        };
    }

    private sealed record Operations(IReadOnlyList<Operation> Items, string? Next, Totals Totals);

    private sealed record Operation(DateTimeOffset At, string Kind, long Id, User? User, Money? Amount, Points? Points, string? Title);

    private sealed record User(UserId UserId, string? Name);

    private sealed record Totals(long Orders, Money Revenue, Points PointsEarned, Points PointsSpent, long GiftsIssued, long GiftsRedeemed);

    private sealed record UndoableOrder(string? NoRefundBecause);
}
