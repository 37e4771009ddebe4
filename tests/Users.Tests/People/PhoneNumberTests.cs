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
    [InlineData(" +7.999.123.45.67 ", "+79991234567")]
    [InlineData("+7\u00A0999\u00A0123\u201145\u201367", "+79991234567")]
    [InlineData("+49 30 901820", "+4930901820")]
    [InlineData("+1 (212) 555-0123", "+12125550123")]
    [InlineData("+2905123", "+2905123")]
    [InlineData("+86 139 1099 7888", "+8613910997888")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void However_it_is_typed_one_number_has_one_form(string typed, string e164)
    {
        PhoneNumber.TryParse(typed, out var phone).ShouldBeTrue();
        phone.E164.ShouldBe(e164);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("phone")]
    [InlineData("9991234567")]
    [InlineData("4930901820")]
    [InlineData("+7999123456")]
    [InlineData("+799912345678")]
    [InlineData("8999123456")]
    [InlineData("+8 (999) 123-45-67")]
    [InlineData("+8999123456")]
    [InlineData("+0991234567")]
    [InlineData("+123456")]
    [InlineData("+1234567890123456")]
    [InlineData("++79991234567")]
    [InlineData("7+9991234567")]
    [InlineData("+7999123456x")]
    [InlineData("+٧٩٩٩١٢٣٤٥٦٧")]
    [InlineData("+7 999 123-45-67 ext. 5")]
    public void What_is_no_number_with_its_country_code_is_refused(string? typed)
    {
        PhoneNumber.TryParse(typed, out _).ShouldBeFalse();
    }
}
