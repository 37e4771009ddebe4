using Platform.Users.People;

namespace Platform.Users.Tests.People;

public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+79991234567", "+79991234567")]
    [InlineData("+7 (999) 123-45-67", "+79991234567")]
    [InlineData("89991234567", "+79991234567")]
    [InlineData("8 (999) 123 45 67", "+79991234567")]
    [InlineData("79991234567", "+79991234567")]
    [InlineData("9991234567", "+79991234567")]
    [InlineData("(999) 123-45-67", "+79991234567")]
    [InlineData(" +7.999.123.45.67 ", "+79991234567")]
    [InlineData("8 (495) 123-45-67", "+74951234567")]
    [InlineData("+7 701 123 45 67", "+77011234567")]
    [InlineData("8 7172 12 34 56", "+77172123456")]
    [InlineData("+49 30 901820", "+4930901820")]
    [InlineData("+49 30/901820", "+4930901820")]
    [InlineData("+44 (0) 20 7946 0958", "+442079460958")]
    [InlineData("+1 (212) 555-0123", "+12125550123")]
    [InlineData("+86 139 1099 7888", "+8613910997888")]
    public void A_number_has_one_form_however_it_is_typed(string typed, string e164) => Read(typed).ShouldBe(e164);

    [Theory]
    [InlineData("\u202A+7 999 123-45-67\u202C")]
    [InlineData("\u2068+7 999 123-45-67\u2069")]
    [InlineData("\u200E+7\u2060999\u200B123\uFEFF45\u00AD67")]
    [InlineData("+7\u202F999\u2009123\u221245\u221267")]
    [InlineData("+7\u00A0999\u3000123\u201145\u201367")]
    [InlineData("＋７９９９１２３４５６７")]
    [InlineData("+٧٩٩٩١٢٣٤٥٦٧")]
    public void Invisible_characters_of_a_pasted_number_are_ignored(string pasted) => Read(pasted).ShouldBe("+79991234567");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("\u200B")]
    [InlineData("phone")]
    [InlineData("442079460958")]
    [InlineData("1234567")]
    [InlineData("+7999123456")]
    [InlineData("+799912345678")]
    [InlineData("8999123456")]
    [InlineData("+8 (999) 123-45-67")]
    [InlineData("+8999123456")]
    [InlineData("+0991234567")]
    [InlineData("+123456")]
    [InlineData("+123456789012345")]
    [InlineData("++79991234567")]
    [InlineData("7+9991234567")]
    [InlineData("+7999123456x")]
    [InlineData("89991112233x")]
    [InlineData("+7 999 123-45-67 ext. 5")]
    [InlineData("+1 202 555 0143 ext 5")]
    public void A_number_outside_every_numbering_plan_is_refused(string? typed) => Read(typed).ShouldBeNull();

    [Theory]
    [InlineData("8-800-555-35-35")]
    [InlineData("+7 800 555 35 35")]
    [InlineData("+1 800 555 0199")]
    [InlineData("+49 900 1 123456")]
    public void A_business_number_is_refused(string typed) => Read(typed).ShouldBeNull();

    [Theory]
    [InlineData("87172123456", "+77172123456")]
    [InlineData("87011234567", "+77011234567")]
    [InlineData("89991234567", "+79991234567")]
    [InlineData("79991234567", "+79991234567")]
    [InlineData("+79991234567", "+79991234567")]
    [InlineData("77011234567", "+77011234567")]
    [InlineData("442079460958", "+442079460958")]
    [InlineData("4930901820", "+4930901820")]
    [InlineData("8613910997888", "+8613910997888")]
    public void A_contact_is_parsed_without_a_plus_or_in_national_form(string contact, string e164)
    {
        PhoneNumber.TryParseContact(contact, "RU", out var phone).ShouldBeTrue();
        phone.E164.ShouldBe(e164);
    }

    [Theory]
    [InlineData("030 901820", "DE", "+4930901820")]
    [InlineData("87011234567", "KZ", "+77011234567")]
    public void A_number_without_a_country_code_follows_the_region(string typed, string region, string e164)
    {
        PhoneNumber.TryParse(typed, region, out var phone).ShouldBeTrue();
        phone.E164.ShouldBe(e164);
    }

    [Fact]
    public void A_number_is_formatted_in_groups()
    {
        PhoneNumber.TryParse("89991234567", "RU", out var phone).ShouldBeTrue();

        phone.Written.ShouldBe("+7 999 123-45-67");
    }

    private static string? Read(string? typed) => PhoneNumber.TryParse(typed, "RU", out var phone) ? phone.E164 : null;
}
