using System;
using System.Collections.Generic;
using System.Text;

namespace Stack.Fuzz;

/// <summary>
/// The seeds of corpora/signaling: scripts of lines. A line's first byte is the socket, its second what happens - opens (<c>o</c>, with the path), says
/// (<c>m</c>), closes (<c>c</c>), reads (<c>r</c>), time (<c>t</c>), another process (<c>s</c>). An odd first byte is a core among several processes.
/// </summary>
public static class SignalingSeeds
{
    /// <summary>Names and scripts.</summary>
    public static IReadOnlyDictionary<string, byte[]> Create()
    {
        var seeds = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, string script) in Scripts())
        {
            seeds.Add(name, Encoding.UTF8.GetBytes(script));
            seeds.Add(name + "-shared", Encoding.UTF8.GetBytes("1t\n" + script));
        }

        return seeds;
    }

    private static (string Name, string Script)[] Scripts() =>
    [
        ("own", """
            0o/session
            0m{"join":{"session":"w","name":"bob"}}
            2o/session
            2m{"join":{"session":"w","name":"alice"}}
            2m{"to":1,"description":{"type":"offer","sdp":"v=0"}}
            0m{"to":2,"description":{"type":"answer","sdp":"v=0"}}
            0m{"to":2,"candidate":{"candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"x"}}
            0m{"to":2,"candidate":null}
            0m{"to":7,"candidate":null}
            0m{"servers":{}}
            2m{"leave":{}}
            """),
        ("own-resume", """
            0o/session
            0m{"join":{"session":"w"}}
            2o/session
            2m{"join":{"session":"w"}}
            2c
            0m{"to":2,"candidate":{"candidate":"candidate:1"}}
            4o/session
            4m{"join":{"session":"w","resume":"03000000000000000000000000000000"}}
            4m{"to":1,"candidate":null}
            4c
            0t?
            """),
        ("villas", """
            0o/villas/w/a
            0m{"signals":[{"name":"u","type":"float"}]}
            2o/villas/w
            2m{"signals":[]}
            2m{"description":{"spd":"v=0","type":"offer"}}
            2m{"candidate":{"spd":"candidate:1","mid":"0"}}
            0m{"description":{"type":"answer","sdp":"v=0"}}
            4o/villas/w/c
            4m{"candidate":{"candidate":"candidate:1","sdpMid":"0"}}
            0c
            """),
        ("libdatachannel", """
            0o/libdatachannel/a
            2o/libdatachannel/b
            0m{"id":"b","type":"offer","description":"v=0"}
            2m{"id":"a","type":"answer","description":"v=0"}
            2m{"id":"a","type":"candidate","candidate":"a=candidate:1","mid":"0"}
            4o/libdatachannel/a
            2m{"id":"a","type":"bye","x":[1]}
            """),
        ("lecture", """
            0o/websocket?session=w&name=ann
            2o/websocket?session=w
            4o/websocket?session=w
            0m{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"a=ice-ufrag:f\r\n"}}
            2m{"messageType":"webRTC-answer","answer":{"type":"answer","sdp":"a=ice-ufrag:g\r\n"}}
            2m{"messageType":"webRTC-candidate","candidate":{"candidate":"candidate:1 ufrag g","sdpMid":"0"}}
            4m{"messageType":"webRTC-candidate","candidate":null,"to":1}
            0m{"messageType":"chatMessage","comment":"hi"}
            """),
        ("peerjs", """
            0o/peerjs?id=a&token=t
            0m{"type":"OFFER","dst":"b","payload":{"sdp":{"type":"offer","sdp":"v=0"},"type":"data","connectionId":"c"}}
            2o/peerjs?id=b&token=t
            2m{"type":"ANSWER","dst":"a","payload":{"sdp":{"type":"answer","sdp":"v=0"},"type":"data","connectionId":"c"}}
            2m{"type":"CANDIDATE","dst":"a","payload":{"candidate":{"candidate":"candidate:1"},"type":"data","connectionId":"c"}}
            4o/peerjs?id=b&token=u
            6o/peerjs?id=b&token=t
            0m{"type":"HEARTBEAT"}
            0m{"type":"OFFER","dst":"z","payload":{}}
            0t!
            6m{"type":"LEAVE","dst":"a"}
            6m{"type":"LEAVE"}
            """),
        ("mixed", """
            0o/villas/w/a
            0m{"signals":[]}
            2o/session
            2m{"join":{"session":"w"}}
            4o/libdatachannel/w/x
            6o/websocket?session=w
            8o/peerjs?key=w&id=p&token=t
            2m{"to":1,"description":{"type":"offer","sdp":"v=0"}}
            2m{"to":5,"description":{"type":"offer","sdp":"v=0"}}
            2m{"to":3,"description":{"type":"offer","sdp":"v=0"}}
            0m{"description":{"spd":"v=0","type":"answer"}}
            8m{"type":"ANSWER","dst":"2","payload":{"sdp":{"type":"answer","sdp":"v=0"},"type":"data","connectionId":"c"}}
            4m{"id":"p","type":"offer","description":"v=0"}
            6m{"messageType":"webRTC-offer","offer":{"type":"offer","sdp":"v=0"}}
            2c1
            """),
        ("processes", """
            0s{"kind":"joined","process":"p","revision":1,"session":"w","peer":{"id":1,"handle":"1","name":"n","dialect":"own"}}
            0o/session
            0m{"join":{"session":"w"}}
            0m{"to":1,"description":{"type":"offer","sdp":"v=0"}}
            0s{"kind":"signal","process":"p","session":"w","from":1,"to":2,"description":{"type":"answer","sdp":"v=0"}}
            0s{"kind":"session","process":"p","session":"w","peers":[{"id":3,"handle":"x","dialect":"libdatachannel"}]}
            0s{"kind":"snapshot","process":"p","revision":2,"sessions":1}
            0s{"kind":"alive","process":"p","revision":4}
            0s{"kind":"wanted","process":"q"}
            0s{"kind":"replaced","process":"q","session":"w","token":"02000000000000000000000000000000"}
            0t=
            0s{"kind":"gone","process":"p","revision":5,"session":"w","id":3}
            0s{"kind":"ended","process":"q"}
            """),
    ];
}
