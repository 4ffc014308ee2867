using System.Net;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Attacks;

// attacks ADDRESS:PORT [CERTIFICATE KEY]: the attacks on a cluster port, each with what it got.
if (args.Length is not (1 or 3) || !IPEndPoint.TryParse(args[0], out var at))
{
    Console.Error.WriteLine("Usage: attacks 127.0.0.1:PORT [CERTIFICATE.pem KEY.pem]");
    return 2;
}
if (!IPAddress.IsLoopback(at.Address))
{
    Console.Error.WriteLine("attacks: only a node on this machine can be attacked.");
    return 2;
}
var certificate = args.Length == 3 ? X509Certificate2.CreateFromPemFile(args[1], args[2]) : null;
var attacks = certificate is null
    ? ClusterPortAttacks.Strangers
    : [.. ClusterPortAttacks.Clients, .. ClusterPortAttacks.Members];
var ownPort = 10_000;
foreach (var attack in attacks)
{
    var got = await attack.RunAsync(new AttackedPort(at, certificate, ownPort++));
    Console.WriteLine($"{attack.Name, -20} {attack.Tries, -60} {got}");
}
return 0;
