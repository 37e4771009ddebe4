using Platform.Bots.Conversations;
using Platform.Contracts.Bots;

namespace Platform.Bots.ClientBot;

/// <summary>What the guests' bot understands.</summary>
internal static class GuestScript
{
    public static BotScript Create() => new BotScript(BotNames.Client)
        .Command("start", "command.start", Welcome.Greet)
        .Command("code", "command.code", PaymentCode.Show)
        .Command("card", "command.card", ShowCard.Show)
        .Command("profile", "command.profile", ShowProfile.Show)
        .Command("settings", "command.settings", Settings.Show)
        .Command("language", "command.language", Settings.AskLanguage)
        .Command("data", "command.data", MyData.Show)
        .Command("help", "command.help", Welcome.Help)

        .MenuItem("menu.code", PaymentCode.Show)
        .MenuItem("menu.card", ShowCard.Show)
        .MenuItem("menu.profile", ShowProfile.Show)
        .MenuItem("menu.settings", Settings.Show)
        .MenuItem("menu.cancel", Settings.Cancel)
        .Button(PaymentCode.Another, PaymentCode.Show)
        .Button(ShowCard.Refresh, ShowCard.Show)

        .Button(Settings.LanguageButton, Settings.AskLanguage)
        .Button(Settings.SetLanguage, Settings.TakeLanguage)
        .Button(Settings.Name, Settings.AskName)
        .Answer(Settings.Name, Settings.TakeName)
        .Button(Settings.City, Settings.AskCity)
        .Answer(Settings.City, Settings.TakeCity)
        .Button(Settings.BirthDate, Settings.AskBirthDate)
        .Answer(Settings.BirthDate, Settings.TakeBirthDate)
        .Answer(Settings.BirthDateSure, Settings.TakeWhetherDate)
        .Button(Settings.Phone, Settings.AskPhone)
        .Answer(Settings.Phone, Settings.TakePhone)
        .Button(Settings.Email, Settings.AskEmail)
        .Answer(Settings.Email, Settings.TakeEmail)
        .Answer(Settings.EmailCode, Settings.TakeEmailCode)

        .Button(MyData.Open, MyData.Show)
        .Button(MyData.Export, MyData.SendAll)
        .Button(MyData.Delete, MyData.AskWhether)
        .Button(MyData.Sure, MyData.AskWord)
        .Button(MyData.Keep, MyData.LeaveIt)
        .Answer(MyData.Word, MyData.TakeWord)

        .Button(Registration.Language, Registration.TakeLanguage, answers: Registration.Language)
        .Answer(Registration.Language, Registration.TypeLanguage)
        .Button(Registration.Consent, Registration.TakeConsent, answers: Registration.Consent)
        .Answer(Registration.Consent, Registration.TypeConsent)
        .Button(Registration.Begin, Registration.BeginAgain)
        .Answer(Registration.Begin, Registration.TypeBegin)
        .Answer(Registration.Name, Registration.TakeName)
        .Answer(Registration.Phone, Registration.TakePhone)
        .Answer(Registration.BirthDate, Registration.TakeBirthDate)
        .Answer(Registration.BirthDateSure, Registration.TakeWhetherDate)
        .Answer(Registration.City, Registration.TakeCity)

        .Button(Recovery.Search, Recovery.Begin)
        .Answer(Recovery.Phone, Recovery.TakePhone)
        .Answer(Recovery.Email, Recovery.TakeEmail)
        .Answer(Recovery.EmailCode, Recovery.TakeEmailCode)

        .Stranger(Registration.Interpose)
        .Otherwise(Welcome.NotUnderstood);
}
