using Platform.Testing;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class MenuTests(SharedTelegramApp app)
{
    private static readonly string[] ForAll =
    [
        "🧾 Новый заказ", "🔎 Найти гостя", "🎁 Подарить", "✅ Погасить подарок", "🕒 Смена", "📋 Мои операции", "✉️ Написать гостю",
    ];

    [Theory]
    [InlineData("barista", false, false, false)]
    [InlineData("barista", true, true, false)]
    [InlineData("manager", false, false, true)]
    [InlineData("owner", true, true, true)]
    public async Task The_menu_has_the_items_that_the_role_and_the_rights_allow(string role, bool broadcast, bool toAll, bool alerts)
    {
        var counter = await app.GivenCounter(role, broadcast);

        var menu = await app.KeyboardOf(counter);

        ForAll.ShouldBeSubsetOf(menu);
        menu.Contains("📣 Написать всем").ShouldBe(toAll);
        menu.Contains("🚨 Сигналы").ShouldBe(alerts);
    }

    [Theory]
    [InlineData("подарить", "Кому подарок?")]
    [InlineData("Погасить подарок", "Чей подарок?")]
    [InlineData("ПОГАСИТЬ ПОДАРОК", "Чей подарок?")]
    [InlineData("смена", "Кофеен в системе пока нет")]
    [InlineData("Message guest", "Кому написать?")]
    [InlineData("сигналы", "Сигналы видят управляющие")]
    public async Task Words_of_a_button_work_without_its_emoji(string typed, string answer)
    {
        var counter = await app.GivenCounter();

        await counter.Says(typed);

        await counter.Sees(answer);
    }

    [Theory]
    [InlineData("🎁 Подарить")]
    [InlineData("🕒 Смена")]
    [InlineData("📋 Мои операции")]
    [InlineData("📣 Написать всем")]
    [InlineData("🚨 Сигналы")]
    public async Task A_person_who_is_not_staff_gets_nothing_from_the_menu(string item)
    {
        var stranger = (await app.GivenPerson()).With(TelegramApp.CounterBot);

        await stranger.Says(item);
        await stranger.Says("123456");

        await stranger.Sees("Этот бот — для сотрудников");
    }
}
