using System.Globalization;
using Platform.Bots.BaristaBot;
using Platform.Contracts;

namespace Platform.Bots.Tests.BaristaBot;

public sealed class TypedAmountTests
{
    [Theory]
    [InlineData("350", "350")]
    [InlineData("0,01", "0.01")]
    [InlineData("1250.5", "1250.5")]
    [InlineData("1250,50", "1250.5")]
    [InlineData("1250,50 ₽", "1250.5")]
    [InlineData("350р.", "350")]
    [InlineData("1250 руб", "1250")]
    [InlineData("1250 руб.", "1250")]
    [InlineData("1 250,50 рублей", "1250.5")]
    [InlineData("1251 рубль", "1251")]
    [InlineData("1252 Рубля", "1252")]
    [InlineData("1,250.50 RUB", "1250.5")]
    [InlineData("350 roubles", "350")]
    [InlineData("12 500", "12500")]
    [InlineData("1 250,50", "1250.5")]
    [InlineData("1\u00a0250,50", "1250.5")]
    [InlineData("1\u202f000\u202f000", "1000000")]
    [InlineData("1,250.50", "1250.5")]
    [InlineData("1.250,50", "1250.5")]
    [InlineData("1,000,000", "1000000")]
    [InlineData("1.000.000,5", "1000000.5")]
    public void An_amount_is_parsed_in_every_usual_notation(string text, string amount) =>
        TypedAmount.Parse(text).ShouldBe(new Money(decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("1,250", "1250", "1.25")]
    [InlineData("1.250", "1250", "1.25")]
    [InlineData("3,500 руб", "3500", "3.5")]
    [InlineData("999,999 ₽", "999999", "1000")]
    public void An_ambiguous_separator_is_not_guessed_at(string text, string whole, string kopecks)
    {
        TypedAmount.Parse(text).ShouldBeNull();
        TypedAmount.AmbiguousReadings(text).ShouldBe((
            new Money(decimal.Parse(whole, CultureInfo.InvariantCulture)), new Money(decimal.Parse(kopecks, CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("много")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("0,00")]
    [InlineData("1e9")]
    [InlineData("12 50")]
    [InlineData("1 250 5")]
    [InlineData("1250,505")]
    [InlineData("0,500")]
    [InlineData("1250.500")]
    [InlineData("1,250,50")]
    [InlineData("1,25.50")]
    [InlineData("1 250,500.50")]
    [InlineData("٣٥٠")]
    [InlineData("350\n")]
    [InlineData("рублей")]
    [InlineData("350 долларов")]
    [InlineData("99999999999999999999999999999999")]
    public void A_text_that_is_not_an_amount_is_refused(string text)
    {
        TypedAmount.Parse(text).ShouldBeNull();
        TypedAmount.AmbiguousReadings(text).ShouldBeNull();
    }
}
