using Platform.Database;
using Platform.Letters;
using Platform.Letters.Storage;
using Platform.Messaging;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("letters");
builder.AddPlatformDatabase<LettersDb>();
builder.AddServiceMessaging<LettersDb>(LettersModule.ListEvents);
builder.AddLetters();

var app = builder.Build();
app.UseServiceDefaults();
app.MapLetters();
return await app.RunService(args);
