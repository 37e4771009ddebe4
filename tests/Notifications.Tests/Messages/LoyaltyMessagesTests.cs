using Platform.Contracts;

namespace Platform.Notifications.Tests.Messages;

/// <summary>Messages about gifts and points, and replies of the management.</summary>
public sealed class LoyaltyMessagesTests(SharedNotificationsApp app)
{
    /// <summary>10 p.m. UTC, which is the next day in Moscow.</summary>
    private static readonly DateTimeOffset End = new(2026, 3, 13, 22, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("birthday", "С днём рождения! Дарим вам подарок: Капучино. Чтобы получить его, покажите код на кассе до 14.03.2026.")]
    [InlineData("level", "Подарок за новый уровень: Капучино. Чтобы получить его, покажите код на кассе до 14.03.2026.")]
    [InlineData("campaign", "Ваш подарок по акции: Капучино. Чтобы получить его, покажите код на кассе до 14.03.2026.")]
    [InlineData("referral", "Подарок за приглашение: Капучино. Чтобы получить его, покажите код на кассе до 14.03.2026.")]
    [InlineData("manual", "Вам подарок: Капучино. Чтобы получить его, покажите код на кассе до 14.03.2026.")]
    [InlineData("of_next_year", "Вам подарок: Капучино. Чтобы получить его, покажите код на кассе до 14.03.2026.")]
    public async Task A_gift_is_announced_once_with_its_reason_and_end(string reason, string text)
    {
        var user = Happened.NewUser();
        var gift = Happened.Gift(user, reason, expiresAt: End);

        await app.Deliver(Happened.Registered(user), gift, new Message(gift));

        var message = (await app.Mine(user)).ShouldHaveSingleItem();
        message.Json("text").ShouldBe(text);
        message.Json("category").ShouldBe("personal");
    }

    [Fact]
    public async Task A_gift_without_an_end_is_announced_without_a_date()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Registered(user, "en"), Happened.Gift(user, "birthday", "Cappuccino"));

        (await Texts(user)).ShouldBe(["Happy birthday! We have a gift for you: Cappuccino. To get it, show your code at the counter."]);
    }

    [Fact]
    public async Task A_reward_that_the_guest_has_just_bought_is_not_announced()
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Gift(user, "reward"));

        (await app.Mine(user)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gift_that_is_redeemed_a_second_time_after_a_refund_is_confirmed_a_second_time()
    {
        var user = Happened.NewUser();
        var first = Happened.Redeemed(user);
        var second = Happened.Redeemed(user, first.GiftId, first.RedeemedAt.AddMinutes(5));

        await app.Deliver(first, second, new Message(first));

        (await app.Mine(user)).Select(item => (item.Json("text"), item.Json("category")))
            .ShouldBe(Enumerable.Repeat<(object?, object?)>(("Подарок получен: Капучино. Приятного аппетита!", "transactional"), 2));
    }

    [Theory]
    [InlineData("bonus", 50, "Дарим вам 50 баллов. На счету 50 баллов.")]
    [InlineData("bonus", 0, "Бонусные баллы пошли в счёт вашего долга по баллам. На счету 50 баллов.")]
    [InlineData("referral", 1, "Бонус за приглашение: начислили 1 балл. На счету 50 баллов.")]
    [InlineData("adjustment", 3, "Начислили вам 3 балла. На счету 50 баллов.")]
    [InlineData("adjustment", -3, "Списали 3 балла. На счету 50 баллов.")]
    public async Task Points_that_no_order_earned_are_announced_once(string reason, long delta, string text)
    {
        var user = Happened.NewUser();
        var changed = Happened.Points(user, reason, delta);

        await app.Deliver(changed, new Message(changed));

        var message = (await app.Mine(user)).ShouldHaveSingleItem();
        message.Json("text").ShouldBe(text);
        message.Json("category").ShouldBe("personal");
    }

    [Theory]
    [InlineData("reward")]
    [InlineData("reward_return")]
    [InlineData("expiry")]
    [InlineData("achievement")]
    public async Task Changes_of_points_that_the_guest_sees_elsewhere_are_not_announced(string reason)
    {
        var user = Happened.NewUser();

        await app.Deliver(Happened.Points(user, reason, -5));

        (await app.Mine(user)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Points_that_will_expire_are_a_reminder_for_each_day_of_expiry()
    {
        var user = Happened.NewUser();
        var (march, april) = (Happened.PointsEnd(user), Happened.PointsEnd(user, 1, new DateOnly(2026, 4, 2)));

        await app.Deliver(march, april, new Message(march));

        var mine = await app.Mine(user);
        mine.Select(item => item.Json("text")).ShouldBe(
            [
                "01.03.2026 начнут сгорать баллы: всего 41 балл. Сделайте до этого заказ, и они останутся с вами.",
                "02.04.2026 начнут сгорать баллы: всего 1 балл. Сделайте до этого заказ, и они останутся с вами.",
            ],
            ignoreOrder: true);
        mine.ShouldAllBe(item => (string)item.Json("category")! == "reminder");
    }

    [Theory]
    [InlineData("Где мой кофе?", "Ответ на ваше сообщение «Где мой кофе?»:\n\nУже несём!\n<b>Бегом</b> {text}")]
    [InlineData(" ", "Ответ на ваше сообщение:\n\nУже несём!\n<b>Бегом</b> {text}")]
    [InlineData(null, "Ответ на ваше сообщение:\n\nУже несём!\n<b>Бегом</b> {text}")]
    public async Task A_reply_of_the_management_reaches_the_guest_as_it_was_written(string? wrote, string text)
    {
        var user = Happened.NewUser();
        var reply = Happened.Reply(user, "Уже несём!\n<b>Бегом</b> {text}", wrote);

        await app.Deliver(reply, new Message(reply));

        var message = (await app.Mine(user)).ShouldHaveSingleItem();
        message.Json("text").ShouldBe(text);
        message.Json("category").ShouldBe("transactional");
    }

    private async Task<IReadOnlyList<string>> Texts(UserId user) => [.. (await app.Mine(user)).Select(item => (string)item.Json("text")!)];
}
