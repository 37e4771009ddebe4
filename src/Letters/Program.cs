using Platform.Letters;
using Platform.Letters.Storage;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Database;
using Platform.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("letters");
builder.AddServiceDatabase<LettersDb>();
builder.AddServiceMessaging<LettersDb>(LettersModule.ListEvents);
builder.AddLetters();

var app = builder.Build();
app.UseServiceDefaults();
app.MapLetters();
return await app.RunService(args);
