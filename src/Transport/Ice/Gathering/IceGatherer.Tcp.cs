using System.Collections.Generic;
using System.Net.Sockets;
using Stack.Ice;
using Stack.Stun;

namespace Stack.Transport;

internal sealed partial class IceGatherer
{
    private const int DiscardPort = 9;

    private void OpenTcp(int stream, int component, HostAddress host, List<IceBase> bases)
    {
        AddTcp(stream, component, host, null, TcpCandidateType.Active, bases);
        if (_options.Tcp != IceTcpCandidates.ActiveAndPassive)
        {
            return;
        }

        try
        {
            Socket listener = PortChoice.Open(_options.Ports, port => StreamListener.Bind(host.Address.WithPort(port).ToIPEndPoint()));
            AddTcp(stream, component, host, listener, TcpCandidateType.Passive, bases);
        }
        catch (SocketException error)
        {
            _sink.Warn(host.Address.ToString(), $"no TCP listener on {host.InterfaceName}: {error.Message}");
        }
    }

    private void AddTcp(int stream, int component, HostAddress host, Socket? listener, TcpCandidateType type, List<IceBase> bases)
    {
        // RFC 6544 section 4.5: the port of an active candidate is 9.
        TransportAddress local = listener is null
            ? DatagramSocket.WithoutScope(host.Address).WithPort(DiscardPort)
            : DatagramSocket.WithoutScope(TransportAddress.FromIPEndPoint((System.Net.IPEndPoint)listener.LocalEndPoint!));
        IceDriver driver = _sink.Driver;
        var tcp = new TcpBase(driver, _options.TimeProvider, listener)
        {
            Id = _sink.NextBaseId(),
            Stream = stream,
            ComponentId = component,
            Local = local,
            Preference = LocalPreference.ForTcp(CandidateType.Host, type, host.Preference),
            Fragment = () => ReadFragment(driver),
        };
        bases.Add(tcp);
        using (driver.Enter())
        {
            if (driver.IsDisposed)
            {
                return;
            }

            driver.Bases.Add(tcp.Id, tcp);
            _sink.AddCandidate(new LocalCandidate
            {
                Stream = stream,
                ComponentId = component,
                Type = CandidateType.Host,
                Transport = CandidateTransport.Tcp,
                TcpType = type,
                BaseId = tcp.Id,
                Address = local,
                Base = local,
                LocalPreference = tcp.Preference,
            });
        }

        tcp.Start();
    }

    private static string ReadFragment(IceDriver driver)
    {
        using IceDriver.Scope scope = driver.Enter();
        return driver.IsDisposed ? "" : driver.Agent.LocalParameters.Credentials.UsernameFragment;
    }
}
