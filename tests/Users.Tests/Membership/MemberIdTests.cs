using FsCheck;
using FsCheck.Fluent;
using Platform.Users.Membership;

namespace Platform.Users.Tests.Membership;

public sealed class MemberIdTests
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    [Fact]
    public void A_new_number_has_twelve_unambiguous_characters()
    {
        foreach (var _ in Enumerable.Range(0, 1000))
        {
            var drawn = MemberId.New().ToString();

            drawn.ShouldMatch("^MNT-[0-9A-HJKMNP-TV-Z]{8}$");
            MemberId.TryParse(drawn, out var read).ShouldBeTrue();
            read.ToString().ShouldBe(drawn);
        }
    }

    [Fact]
    public void Any_single_wrong_character_is_detected() => Prop.ForAll(
        Gen.Choose(4, 11).ToArbitrary(), Gen.Elements(Alphabet.ToCharArray()).ToArbitrary(),
        (place, character) =>
        {
            var right = MemberId.New().ToString();
            var typed = right.ToCharArray();
            typed[place] = character;
            return MemberId.TryParse(new string(typed), out _) == (right[place] == character);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Any_two_swapped_characters_are_detected() => Prop.ForAll(
        Gen.Choose(4, 11).ToArbitrary(), Gen.Choose(4, 11).ToArbitrary(),
        (one, other) =>
        {
            var right = MemberId.New().ToString();
            var typed = right.ToCharArray();
            (typed[one], typed[other]) = (typed[other], typed[one]);
            return MemberId.TryParse(new string(typed), out _) == (right[one] == right[other]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Theory]
    [InlineData("MNT-7KQ2M9X7")]
    [InlineData("mnt-7kq2m9x7")]
    [InlineData(" MNT 7KQ2 M9X7 ")]
    [InlineData("7KQ2M9X7")]
    [InlineData("mnt7kq2-m9x7")]
    public void A_number_is_parsed_in_every_usual_spelling(string typed)
    {
        MemberId.TryParse(typed, out var read).ShouldBeTrue();

        read.ToString().ShouldBe("MNT-7KQ2M9X7");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("MNT-")]
    [InlineData("MNT-12345")]
    [InlineData("MNT-7KQ2M9X8")]
    [InlineData("MNT-7KQ2M9X77")]
    [InlineData("MNT-7KQ2M9XU")]
    [InlineData("MNT-7KQ2M9Xй")]
    [InlineData("ABC-7KQ2M9X7")]
    public void Text_that_is_not_a_card_number_is_refused(string? typed) => MemberId.TryParse(typed, out _).ShouldBeFalse();

    [Fact]
    public void A_zero_may_be_typed_as_an_o_and_a_one_as_an_i_or_an_l()
    {
        var id = Enumerable.Range(0, int.MaxValue).Select(_ => MemberId.New().ToString()).First(id => id.Contains('0') && id.Contains('1'));

        foreach (var one in "IiLl")
        {
            MemberId.TryParse($"MNT-{id[4..].Replace('0', 'o').Replace('1', one)}", out var read).ShouldBeTrue();
            read.ToString().ShouldBe(id);
        }
    }
}
