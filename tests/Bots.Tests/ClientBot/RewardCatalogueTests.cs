using System.Net;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Bots.Tests.ClientBot;

public sealed class RewardCatalogueTests(SharedTelegramApp app)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reward_is_bought_after_its_price_and_the_points_left_were_confirmed()
    {
        var (title, _) = await GivenReward(cost: 20);
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 2500);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("🛍 Награды");
        await SeesPageWith(chat, title);
        await chat.Presses($"{title} · 20 баллов");
        var question = await chat.Sees($"Купить «{title}» за 20 баллов?");
        question.ShouldContain("Большая чашка & печенье");
        question.ShouldEndWith("После покупки у вас останется 5 баллов.");
        await chat.Presses("Да, купить за 20 баллов");

        await chat.Sees($"Готово! «{title}» — в ваших подарках. Списали 20 баллов, осталось 5 баллов.");
        await chat.Presses("🎁 Подарки");
        (await chat.Sees("Ваши подарки")).ShouldContain($"🎁 {title}");
        (await app.PointsOf(guest)).ShouldBe(5);
    }

    [Fact]
    public async Task Repeated_taps_on_the_confirmation_buy_one_reward()
    {
        var (title, _) = await GivenReward(cost: 3);
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 3000);
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/rewards");
        await SeesPageWith(chat, title);
        await chat.Presses($"{title} · 3 балла");
        await chat.Sees($"Купить «{title}»");

        await chat.PressesAtOnce("Да, купить за 3 балла", times: 5);

        await chat.Sees("Готово!");
        await app.Handled(guest.Id);
        (await app.PointsOf(guest)).ShouldBe(27);
    }

    [Fact]
    public async Task A_guest_may_decide_against_a_reward()
    {
        var (title, _) = await GivenReward(cost: 4);
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 1000);
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("награды");
        await SeesPageWith(chat, title);
        await chat.Presses($"{title} · 4 балла");

        await chat.Presses("Нет, не сейчас");

        await chat.Sees("Хорошо, баллы остаются у вас.");
        (await app.PointsOf(guest)).ShouldBe(10);
    }

    [Fact]
    public async Task The_list_says_how_many_points_are_missing_and_has_no_button_for_that()
    {
        var (title, _) = await GivenReward(cost: 500);
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 1000);
        var chat = guest.With(TelegramApp.GuestBot);

        await chat.Says("/rewards");

        (await SeesPageWith(chat, title)).ShouldContain($"{title} — 500 баллов (не хватает 490)");
        (await chat.Messages()).SelectMany(message => message.InlineKeyboard ?? []).SelectMany(row => row)
            .ShouldNotContain(button => button.Text.StartsWith(title, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stock", "Эта награда только что закончилась. Баллы остались у вас.")]
    [InlineData("cost", "Цена этой награды изменилась.")]
    [InlineData("active", "Эту награду больше не предлагают.")]
    public async Task A_reward_that_changes_before_the_confirmation_is_not_bought(string what, string answer)
    {
        var (title, reward) = await GivenReward(cost: 5);
        var guest = await app.GivenRegisteredPerson();
        await app.GivePoints(guest, 1000);
        var chat = guest.With(TelegramApp.GuestBot);
        await chat.Says("/rewards");
        await SeesPageWith(chat, title);
        await chat.Presses($"{title} · 5 баллов");
        await chat.Sees($"Купить «{title}»");
        var changed = await app.Put(app.Loyalty, $"/api/loyalty/rewards/{reward}", await app.Admin(), new
        {
            title, cost = what == "cost" ? 6 : 5, stock = what == "stock" ? 0 : 10, active = what != "active",
        });
        changed.Status.ShouldBe(HttpStatusCode.OK, changed.Body);

        await chat.Presses("Да, купить за 5 баллов");

        await chat.Sees(answer);
        (await app.PointsOf(guest)).ShouldBe(10);
    }

    /// <summary>Rewards of other tests may be on the pages before.</summary>
    private static async Task<string> SeesPageWith(SandboxChat chat, string title)
    {
        var list = await chat.Sees("Награды за баллы");
        while (!list.Contains(title, StringComparison.Ordinal))
        {
            var before = list;
            await chat.Presses("Ещё награды ›");
            list = await Eventually.Get(() => chat.Sees("Награды за баллы"), page => page != before, Ct);
        }

        return list;
    }

    private async Task<(string Title, RewardId Reward)> GivenReward(long cost)
    {
        var title = $"Капучино {Guid.NewGuid():N}";
        var added = await app.Post(
            app.Loyalty, "/api/loyalty/rewards", await app.Admin(), new { title, description = "Большая чашка & печенье", cost, stock = 10, active = true });
        added.Status.ShouldBe(HttpStatusCode.Created, added.Body);
        return (title, new RewardId((long)added.Json("rewardId")!));
    }
}
