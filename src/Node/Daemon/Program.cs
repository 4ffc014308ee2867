using System.Collections;
using JobCloud.Node.Daemon.Hosting;

NodeProgram.KeepFilesPrivate();
return await NodeProgram.RunAsync(
    args,
    Environment
        .GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!),
    Console.Out,
    Console.Error
);
