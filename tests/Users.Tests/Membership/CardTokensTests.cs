using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

public sealed class CardTokensTests
{
    private static readonly MemberId Member = MemberId.TryParse("MNT-7KQ2M9X7", out var id) ? id : throw new InvalidOperationException();

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    // Walking to the counter takes time, or the staff's clock is ahead.
    [InlineData(60)]
    [InlineData(119)]
    // The staff's clock is behind.
    [InlineData(-1)]
    [InlineData(-60)]
    public void A_token_is_valid_in_its_own_minute_and_the_ones_before_and_after(int secondsLater) => Verify(secondsLater).ShouldBe(CardVerdict.Genuine);

    [Theory]
    [InlineData(120)]
    [InlineData(3600)]
    [InlineData(-61)]
    public void A_token_from_another_time_is_stale(int secondsLater) => Verify(secondsLater).ShouldBe(CardVerdict.Stale);

    [Fact]
    public void The_token_changes_every_minute()
    {
        var clock = new FakeTimeProvider(Moment);
        var tokens = Tokens(clock);
        var (first, refreshAt) = tokens.Issue(Member);

        refreshAt.ShouldBe(Moment.AddMinutes(1));
        clock.Advance(TimeSpan.FromSeconds(59));
        tokens.Issue(Member).Token.ShouldBe(first);
        clock.Advance(TimeSpan.FromSeconds(1));
        tokens.Issue(Member).Token.ShouldNotBe(first);
    }

    [Fact]
    public void A_token_fits_into_the_start_parameter_of_a_bot_link() =>
        Tokens(new FakeTimeProvider(Moment)).Issue(Member).Token.ShouldMatch("^[A-Za-z0-9_-]{1,64}$");

    [Fact]
    public void A_token_signed_with_another_secret_is_forged()
    {
        var another = Tokens(new FakeTimeProvider(Moment), "the secret of another coffee chain altogether").Issue(Member).Token;

        Tokens(new FakeTimeProvider(Moment)).Verify(another, out _).ShouldBe(CardVerdict.Forged);
    }

    [Fact]
    public void Any_changed_character_makes_a_token_forged()
    {
        var tokens = Tokens(new FakeTimeProvider(Moment));
        var genuine = tokens.Issue(Member).Token;
        Prop.ForAll(Gen.Choose(0, genuine.Length - 1).ToArbitrary(), Gen.Elements("AZaz09_-% +é\0".ToCharArray()).ToArbitrary(), (place, character) =>
        {
            var changed = genuine.ToCharArray();
            changed[place] = character;
            // Only the card number has several spellings; a signature has one.
            return changed[place] == genuine[place] || tokens.Verify(new string(changed), out _) == CardVerdict.Forged;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("MNT-7KQ2M9X7")]
    [InlineData("MNT-7KQ2M9X7-")]
    [InlineData("MNT-7KQ2M9X7--")]
    [InlineData("MNT-7KQ2M9X7-29540000-")]
    [InlineData("MNT-7KQ2M9X7-99999999999999999999-AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("MNT-7KQ2M9X7-29540000-AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("https://t.me/coffee?start=MNT-7KQ2M9X7")]
    public void Malformed_tokens_are_forged(string text) => Tokens(new FakeTimeProvider(Moment)).Verify(text, out _).ShouldBe(CardVerdict.Forged);

    [Fact]
    public void Arbitrary_text_is_a_forged_token() => Prop.ForAll<NonNull<string>>(text =>
        Tokens(new FakeTimeProvider(Moment)).Verify(text.Get, out _) == CardVerdict.Forged).QuickCheckThrowOnFailure();

    /// <summary>The first second of a minute.</summary>
    private static readonly DateTimeOffset Moment = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    private static CardVerdict Verify(int secondsLater)
    {
        var verdict = Tokens(new FakeTimeProvider(Moment.AddSeconds(secondsLater)))
            .Verify(Tokens(new FakeTimeProvider(Moment)).Issue(Member).Token, out var member);
        member.ShouldBe(Member);
        return verdict;
    }

    private static CardTokens Tokens(FakeTimeProvider clock, string secret = UsersApp.CardSecret) =>
        new(Options.Create(new CardSettings { Secret = secret }), clock);
}
