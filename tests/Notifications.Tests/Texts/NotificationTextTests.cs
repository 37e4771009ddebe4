using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.Json;
using Platform.Notifications.Texts;

namespace Platform.Notifications.Tests.Texts;

public sealed class NotificationTextTests
{
    private static readonly ResourceManager Texts = new("Platform.Notifications.Texts.Texts", typeof(NotificationText).Assembly);

    [Fact]
    public void Russian_and_English_have_the_same_texts_with_the_same_placeholders()
    {
        var (english, russian) = (All(CultureInfo.InvariantCulture), All(CultureInfo.GetCultureInfo("ru")));

        english.Count.ShouldBeGreaterThan(0);
        russian.Keys.Order().ShouldBe(english.Keys.Order());
        foreach (var (key, text) in english)
        {
            Placeholders(russian[key]).ShouldBe(Placeholders(text), key);
            russian[key].ShouldNotBe(text, key);
        }
    }

    [Theory]
    [InlineData("ru", "1234567.50", "2", "Спасибо за заказ на 1\u00a0234\u00a0567,50 ₽")]
    [InlineData("en", "1234567.50", "2", "Thank you for your order of 1,234,567.50 ₽")]
    [InlineData(null, "10.00", "2", "Спасибо за заказ на 10 ₽")]
    public void Numbers_are_formatted_by_language(string? language, string amount, string points, string begins)
    {
        var parameters = JsonSerializer.Deserialize<JsonElement>(
            $$"""{"amount":{{amount}},"paid":{{amount}},"pointsEarned":{{points}},"pointsSpent":0,"balance":12000}""");

        NotificationText.Render("order_placed", parameters, language).ShouldStartWith(begins);
    }

    [Theory]
    [InlineData("ru", 1, "остался 1 день")]
    [InlineData("ru", 2, "осталось 2 дня")]
    [InlineData("ru", 4, "осталось 4 дня")]
    [InlineData("ru", 5, "осталось 5 дней")]
    [InlineData("ru", 11, "осталось 11 дней")]
    [InlineData("ru", 12, "осталось 12 дней")]
    [InlineData("ru", 21, "остался 21 день")]
    [InlineData("ru", 111, "осталось 111 дней")]
    [InlineData("en", 1, "1 day left")]
    [InlineData("en", 2, "2 days left")]
    [InlineData("en", 21, "21 days left")]
    public void The_number_of_days_has_the_right_plural_form(string language, int days, string counted)
    {
        var parameters = JsonSerializer.Deserialize<JsonElement>($$"""{"daysLeft":{{days}},"expiresOn":"2026-03-01","memberId":"MNT-7KQ2M9X7"}""");

        NotificationText.Render("membership_expiring", parameters, language).ShouldContain(counted);
    }

    [Theory]
    [InlineData("ru", 125, 1, "Спасибо за заказ на 600 ₽: 125 баллами, к оплате 475 ₽. Начислили 1 балл, на счету 4 балла.")]
    [InlineData("ru", 0, 6, "Спасибо за заказ на 600 ₽! Начислили 6 баллов, на счету 4 балла.")]
    [InlineData("en", 125, 1, "Thank you for your order of 600 ₽: 125 points used, 475 ₽ to pay. You earned 1 point and now have 4 points.")]
    [InlineData("en", 0, 6, "Thank you for your order of 600 ₽! You earned 6 points and now have 4 points.")]
    public void A_text_mentions_spent_points_only_if_there_are_any(string language, int spent, int earned, string expected)
    {
        var parameters = JsonSerializer.Deserialize<JsonElement>(
            $$"""{"amount":600.00,"paid":475.00,"pointsEarned":{{earned}},"pointsSpent":{{spent}},"balance":4}""");

        NotificationText.Render("order_placed", parameters, language).ShouldBe(expected);
    }

    [Fact]
    public void A_level_added_by_the_business_is_shown_under_its_own_name()
    {
        var parameters = JsonSerializer.Deserialize<JsonElement>("""{"from":"gold","level":"Diamond {amount} %s"}""");

        NotificationText.Render("level_changed", parameters, "en").ShouldBe("Congratulations! Your new level is Diamond {amount} %s.");
    }

    [Fact]
    public void A_removed_text_or_missing_value_does_not_fail_rendering()
    {
        var nothing = JsonSerializer.Deserialize<JsonElement>("{}");

        NotificationText.Render("a_text_of_last_year", nothing, "ru").ShouldBe("a_text_of_last_year");
        NotificationText.Render("level_changed", nothing, "en").ShouldBe("Congratulations! Your new level is —.");
    }

    private static Dictionary<string, string> All(CultureInfo culture) => Texts.GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static IEnumerable<string> Placeholders(string text) =>
        System.Text.RegularExpressions.Regex.Matches(text, @"\{\w+\}").Select(match => match.Value).Order();
}
