using Platform.Bots.Conversations;
using Platform.Bots.Gateway;
using Platform.Contracts;
using Platform.Contracts.Loyalty;
using Telegram.Bot.Types.ReplyMarkups;

namespace Platform.Bots.ClientBot;

/// <summary>What points buy. A purchase is confirmed with its price and the points that will be left.</summary>
internal static class RewardCatalogue
{
    public const string Open = "reward.open";

    /// <summary>Further rewards: the number of those before them follows.</summary>
    public const string More = "reward.more";

    public const string Choose = "reward.choose";
    public const string Confirm = "reward.confirm";

    private const string Yes = "yes";
    private const int PageSize = 8;

    /// <param name="Began">The update in which the reward was chosen; the idempotency key, so that one confirmation buys one reward.</param>
    public sealed record Draft(long Began, RewardId Reward, Points Cost);

    public static async Task Show(Turn turn, CancellationToken ct)
    {
        var (rewards, account) = await Read(turn, ct);
        turn.Chat.Finish();
        if (rewards.Count == 0)
        {
            await turn.Reply.Replace("reward.none", new InlineKeyboardMarkup(turn.Texts.Button("menu.code", PaymentCode.Another)), ct);
            return;
        }

        var skipped = turn.Input.Button == More && int.TryParse(turn.Input.Argument, out var number) && number < rewards.Count ? Math.Max(number, 0) : 0;
        var page = rewards.Skip(skipped).Take(PageSize).ToList();
        var buttons = page.Where(reward => reward.CanBeBoughtWith(account.Points))
            .Select(reward => new[]
            {
                turn.Texts.Button("button.reward", $"{Choose}:{reward.RewardId}", ("title", reward.Title), ("cost", reward.Cost)),
            });
        InlineKeyboardButton[] pages =
        [
            .. skipped == 0 ? (InlineKeyboardButton[])[] : [turn.Texts.Button("button.rewards_back", $"{More}:{Math.Max(skipped - PageSize, 0)}")],
            .. skipped + page.Count == rewards.Count ? (InlineKeyboardButton[])[]
                : [turn.Texts.Button("button.rewards_more", $"{More}:{skipped + PageSize}")],
        ];
        await turn.Reply.ReplaceLines(
            new InlineKeyboardMarkup([.. buttons, .. pages.Length == 0 ? (InlineKeyboardButton[][])[] : [pages]]), ct,
            [turn.Texts.Line("reward", ("balance", account.Points)), .. page.Select(reward => LineOf(turn, reward, account.Points))]);
    }

    public static async Task AskToConfirm(Turn turn, CancellationToken ct)
    {
        // They pressed it before they had registered, and the choice was lost.
        if (turn.Input.Button != Choose)
        {
            await Show(turn, ct);
            return;
        }

        var (rewards, account) = await Read(turn, ct);
        if (!RewardId.TryParse(turn.Input.Argument, provider: null, out var id) || rewards.FirstOrDefault(known => known.RewardId == id) is not { } reward)
        {
            await Refuse(turn, LoyaltyErrors.RewardNotFound.Code, ct);
        }
        else if (!reward.CanBeBoughtWith(account.Points))
        {
            await Refuse(turn, reward.Stock == 0 ? LoyaltyErrors.OutOfStock.Code : LoyaltyErrors.NotEnoughPoints.Code, ct);
        }
        else
        {
            var question = await turn.Reply.SayLines(
                new InlineKeyboardMarkup(
                [
                    [turn.Texts.Button("button.buy", $"{Confirm}:{Yes}", ("cost", reward.Cost))],
                    [turn.Texts.Button("button.buy_no", $"{Confirm}:no")],
                ]),
                ct,
                turn.Texts.Line("reward.confirm", ("title", reward.Title), ("cost", reward.Cost)),
                reward.Description is { Length: > 0 } description ? turn.Texts.Line("reward.description", ("description", description)) : null,
                turn.Texts.Line("reward.left", ("left", account.Points - reward.Cost)));
            turn.Chat.AwaitAnswer(Confirm, new Draft(turn.Input.UpdateId, reward.RewardId, reward.Cost), question);
        }
    }

    public static async Task ReadConfirmation(Turn turn, CancellationToken ct)
    {
        if (turn.Input.Button is null && !turn.Input.Says("words.yes") && !turn.Input.Says("words.no"))
        {
            await turn.Reply.Say("not_understood.question", ct);
            return;
        }

        if (turn.Input.Argument == Yes || turn.Input.Says("words.yes"))
        {
            await Buy(turn, turn.Chat.FormAs<Draft>(), ct);
            return;
        }

        turn.Chat.Finish();
        await turn.Reply.Replace("reward.kept", keyboard: null, ct);
    }

    private static async Task Buy(Turn turn, Draft draft, CancellationToken ct)
    {
        Bought bought;
        try
        {
            // A purchase whose answer was lost is not in the way: its key returns it.
            var rewards = await turn.Gateway.Get<Rewards>("/api/loyalty/rewards", ct);
            if (rewards.Items.FirstOrDefault(known => known.RewardId == draft.Reward) is { } now && now.Cost != draft.Cost)
            {
                await Refuse(turn, "price_changed", ct);
                return;
            }

            bought = await turn.Gateway.Post<Bought>($"/api/loyalty/rewards/{draft.Reward}/buy", body: null, $"reward:{draft.Began}", ct);
        }
        catch (GatewayRefusedException refused) when (refused.Is(LoyaltyErrors.RewardNotFound, LoyaltyErrors.OutOfStock, LoyaltyErrors.NotEnoughPoints))
        {
            await Refuse(turn, refused.Code, ct);
            return;
        }

        turn.Chat.Finish();
        // In a message of its own, since the question loses its buttons.
        await turn.Reply.SayLines(
            new InlineKeyboardMarkup(turn.Texts.Button("menu.gifts", GiftList.Available)), ct,
            turn.Texts.Line("reward.bought", ("title", bought.Title), ("cost", bought.Cost), ("balance", bought.Balance)),
            bought.ExpiresAt is { } end ? turn.Texts.Line("reward.bought_until", ("date", turn.Wall.DayOf(end))) : null);
    }

    /// <summary>In its own message, with a button to the list as it is now.</summary>
    private static async Task Refuse(Turn turn, string because, CancellationToken ct)
    {
        turn.Chat.Finish();
        await turn.Reply.Say($"reward.{because}", new InlineKeyboardMarkup(turn.Texts.Button("menu.rewards", Open)), ct);
    }

    private static string LineOf(Turn turn, Reward reward, Points balance)
    {
        var line = turn.Texts.Line("reward.item", ("title", reward.Title), ("cost", reward.Cost));
        return reward.Stock == 0 ? $"{line}{turn.Texts.Line("reward.item_gone")}"
            : reward.Cost > balance ? $"{line}{turn.Texts.Line("reward.item_missing", ("missing", reward.Cost - balance))}"
            : reward.Stock is { } stock ? $"{line}{turn.Texts.Line("reward.item_stock", ("stock", (long)stock))}"
            : line;
    }

    private static async Task<(IReadOnlyList<Reward> Rewards, Account Account)> Read(Turn turn, CancellationToken ct)
    {
        var rewards = await turn.Gateway.Get<Rewards>("/api/loyalty/rewards", ct);
        return (rewards.Items, await turn.Gateway.Get<Account>("/api/loyalty/accounts/me", ct));
    }

    private sealed record Rewards(IReadOnlyList<Reward> Items);

    /// <param name="Stock">How many are left; null when there is no limit.</param>
    private sealed record Reward(RewardId RewardId, string Title, string? Description, Points Cost, int? Stock)
    {
        public bool CanBeBoughtWith(Points balance) => Stock is not 0 && Cost <= balance;
    }

    private sealed record Account(Points Points);

    private sealed record Bought(GiftId GiftId, string Title, Points Cost, Points Balance, DateTimeOffset? ExpiresAt);
}
