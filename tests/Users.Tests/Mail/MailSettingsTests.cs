using System.ComponentModel.DataAnnotations;
using MailKit.Security;
using Platform.Users.Mail;

namespace Platform.Users.Tests.Mail;

public sealed class MailSettingsTests
{
    [Theory]
    [InlineData("smtp://mail.example.com", "mail.example.com", 587, SecureSocketOptions.StartTls, null, null)]
    [InlineData("smtp://mail.example.com:25?tls=off", "mail.example.com", 25, SecureSocketOptions.None, null, null)]
    [InlineData("smtp://anna:p%40ss%3Aword@mail.example.com:2525/?tls=on", "mail.example.com", 2525, SecureSocketOptions.StartTls, "anna", "p@ss:word")]
    [InlineData("smtp://anna%40example.com:secret@127.0.0.1", "127.0.0.1", 587, SecureSocketOptions.StartTls, "anna@example.com", "secret")]
    [InlineData("smtp://mail.example.com:465", "mail.example.com", 465, SecureSocketOptions.SslOnConnect, null, null)]
    [InlineData("smtps://anna:secret@mail.example.com", "mail.example.com", 465, SecureSocketOptions.SslOnConnect, "anna", "secret")]
    [InlineData("smtps://mail.example.com:2465", "mail.example.com", 2465, SecureSocketOptions.SslOnConnect, null, null)]
    public void A_server_is_read_from_its_address(string url, string host, int port, SecureSocketOptions tls, string? user, string? password)
    {
        var server = SmtpServer.Parse(url).ShouldNotBeNull();

        (server.Host, server.Port, server.Tls, server.Login?.UserName, server.Login?.Password).ShouldBe((host, port, tls, user, password));
        server.ToString().ShouldNotContain(password ?? "?");
    }

    [Theory]
    [InlineData("mail.example.com")]
    [InlineData("http://mail.example.com")]
    [InlineData("smtp://")]
    [InlineData("smtp://anna@mail.example.com")]
    [InlineData("smtp://mail.example.com/inbox")]
    [InlineData("smtp://mail.example.com?tls=maybe")]
    [InlineData("smtps://mail.example.com?tls=off")]
    [InlineData("smtp://mail.example.com?tls=off&more=1")]
    public void What_is_no_server_is_told_without_being_repeated(string url) => Complaints(url, "hello@example.com").ShouldHaveSingleItem().ShouldStartWith("SMTP_URL is not");

    [Theory]
    [InlineData("")]
    [InlineData("Coffee")]
    [InlineData("Coffee <hello>, <other>")]
    [InlineData("Coffee <hello@example.com>, <other@example.com>")]
    [InlineData("Coffee <hello@example.com>\r\nBcc: other@example.com")]
    public void Without_an_address_that_mail_is_from_it_does_not_start(string from) =>
        Complaints("smtp://mail.example.com", from).ShouldHaveSingleItem().ShouldStartWith("MAIL_FROM is not");

    [Theory]
    [InlineData("", "")]
    [InlineData("", "nothing is sent, so nobody looks")]
    [InlineData("smtp://mail.example.com", "hello@example.com")]
    [InlineData("smtp://mail.example.com", "Кофе <hello@example.com>")]
    public void What_is_right_or_left_out_is_taken(string url, string from) => Complaints(url, from).ShouldBeEmpty();

    [Theory]
    [InlineData("smtp://mail.example.com?tls=off", false)]
    [InlineData("smtp://127.0.0.1:8091?tls=off", true)]
    [InlineData("smtp://localhost?tls=off", true)]
    [InlineData("smtp://mail.example.com", true)]
    [InlineData("", true)]
    public void In_production_codes_cross_no_network_readable(string url, bool starts)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("SMTP_URL", url)]).Build();

        (SmtpServer.ComplaintOf(settings) is null).ShouldBe(starts);
    }

    private static List<string?> Complaints(string url, string from)
    {
        var (settings, found) = (new MailSettings { Url = url, From = from }, new List<ValidationResult>());
        Validator.TryValidateObject(settings, new ValidationContext(settings), found, validateAllProperties: true);
        return [.. found.Select(result => result.ErrorMessage)];
    }
}
