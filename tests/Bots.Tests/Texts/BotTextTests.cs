using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Platform.Bots.BaristaBot;
using Platform.Bots.ClientBot;
using Platform.Bots.Texts;
using Platform.Contracts;
using Platform.Testing;

namespace Platform.Bots.Tests.Texts;

public sealed partial class BotTextTests
{
    private static readonly Dictionary<string, string> Russian = TextsOf("ru");
    private static readonly Dictionary<string, string> English = TextsOf("en");

    [Fact]
    public void Every_text_exists_in_both_languages_with_the_same_placeholders()
    {
        Russian.Count.ShouldBeGreaterThan(50);
        Russian.Keys.Order().ShouldBe(English.Keys.Order());
        foreach (var (key, russian) in Russian)
        {
            Placeholders(russian).ShouldBe(Placeholders(English[key]), customMessage: key);
        }
    }

    [Fact]
    public void Every_text_is_used_in_the_code()
    {
        var source = string.Concat(Directory.GetFiles(Repository.PathOf("src", "Bots"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var named = Quoted().Matches(source).Select(match => match.Groups[1].Value).ToHashSet();

        // Composed with a value from the gateway: a level, the state of a code, an error code.
        string[] composed =
        [
            "level.", "code.", "order.code_", "undo.", "card_check.", "count.", "data.label.", "reward.", "why.reason.",
            "find.", "give.", "redeem.", "tell.", "alert.kind.",
        ];
        Russian.Keys.Where(key => !named.Contains(key) && !composed.Any(key.StartsWith)).ShouldBeEmpty();
    }

    [Fact]
    public void Command_descriptions_are_within_Telegrams_limits()
    {
        foreach (var script in new[] { GuestScript.Create(), CounterScript.Create() })
        {
            script.Commands.ShouldNotBeEmpty();
            foreach (var (word, description) in script.Commands)
            {
                word.ShouldMatch("^[a-z0-9_]{1,32}$");
                BotText.Plain("ru", description).Length.ShouldBeInRange(3, 256);
                BotText.Plain("en", description).Length.ShouldBeInRange(3, 256);
            }
        }
    }

    [Fact]
    public void Values_in_a_text_are_escaped()
    {
        var text = BotText.Get("en", "welcome.back", ("name", "<b>Anna</b> & \"friends\""));

        text.ShouldContain("&lt;b&gt;Anna&lt;/b&gt; &amp; &quot;friends&quot;");
    }

    [Theory]
    [InlineData("ru", "12\u00a0345", "1\u00a0250,50", "1\u00a0250")]
    [InlineData("en", "12,345", "1,250.50", "1,250")]
    public void Numbers_are_formatted_for_the_language(string language, string points, string amount, string wholeAmount)
    {
        BotText.Get(language, "order.spend", ("amount", new Money(1250.50m)), ("balance", new Points(12345)), ("max", new Points(1)))
            .ShouldSatisfyAllConditions(
            text => text.ShouldContain(WebEncoded(points)), text => text.ShouldContain(WebEncoded(amount)));
        BotText.Get(language, "order.spend", ("amount", new Money(1250m)), ("balance", Points.Zero), ("max", Points.Zero))
            .ShouldContain(WebEncoded(wholeAmount));
    }

    [Theory]
    [InlineData("ru", 1, "1 балл")]
    [InlineData("ru", 3, "3 балла")]
    [InlineData("ru", 11, "11 баллов")]
    [InlineData("ru", 12345, "12\u00a0345 баллов")]
    [InlineData("en", 1, "1 point")]
    [InlineData("en", 21, "21 points")]
    public void Points_are_followed_by_the_noun_in_the_right_form(string language, long points, string said) =>
        BotText.Get(language, "order.balance", ("balance", new Points(points))).ShouldEndWith($" {WebEncoded(said)}");

    [Theory]
    [InlineData("ru", 1, "через 1 секунду.")]
    [InlineData("ru", 90, "через 90 секунд.")]
    [InlineData("ru", 91, "через 2 минуты.")]
    [InlineData("ru", 1260, "через 21 минуту.")]
    [InlineData("ru", 5400, "через 90 минут.")]
    [InlineData("ru", 5401, "через 2 часа.")]
    [InlineData("ru", 86400, "через 24 часа.")]
    [InlineData("en", 42, "in 42 seconds.")]
    [InlineData("en", 86400, "in 24 hours.")]
    public void A_wait_is_shown_in_a_suitable_unit(string language, long seconds, string said) =>
        BotText.Get(language, "too_often", ("seconds", seconds)).ShouldEndWith(said);

    [Theory]
    [InlineData("ru", "01.03.2026")]
    [InlineData("en", "1 March 2026")]
    public void Dates_have_the_same_format_as_in_notifications(string language, string said) =>
        BotText.Get(language, "profile.birth_date", ("date", new DateOnly(2026, 3, 1))).ShouldEndWith(said);

    [Theory]
    [InlineData(null, "ru")]
    [InlineData("ru", "ru")]
    [InlineData("ru-RU", "ru")]
    [InlineData("kk", "ru")]
    [InlineData("en", "en")]
    [InlineData("en-US", "en")]
    [InlineData("de", "en")]
    public void A_new_chat_uses_the_language_of_the_persons_Telegram(string? telegram, string language) => BotText.LanguageOf(telegram).ShouldBe(language);

    private static string WebEncoded(string text) => BotText.Escape(text);

    private static Dictionary<string, string> TextsOf(string language)
    {
        var resources = new ResourceManager("Platform.Bots.Texts.Texts", typeof(BotText).Assembly);
        return resources.GetResourceSet(CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: language == "en")!
            .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
    }

    private static List<string> Placeholders(string text) => [.. Placeholder().Matches(text).Select(match => match.Value).Distinct().Order()];

    [GeneratedRegex(@"\{\w+(:\w+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("\"([a-z_]+(?:\\.[a-z_]+)*)\"")]
    private static partial Regex Quoted();
}
