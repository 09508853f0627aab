// A forwarder over hashicorp/yamux, the multiplexer that most tunnels in Go use: what a device stream is measured
// against. `yamux near HUB PORT...` listens on each PORT and opens a stream per client; `yamux far HUB TARGET...`
// accepts them and dials the target of the same place in the list. One connection in between, plain TCP on HUB.
package main

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"sync"

	"github.com/hashicorp/yamux"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// This yamux cannot half-close: a stream that was closed here reads nothing more. So blocks with their length go over
// the stream, and one of length 0 is the FIN.
func join(client net.Conn, stream net.Conn) {
	var both sync.WaitGroup
	both.Add(2)
	go func() {
		defer both.Done()
		block := make([]byte, 4+256*1024)
		for {
			n, err := client.Read(block[4:])
			if err != nil {
				n = 0
			}
			binary.BigEndian.PutUint32(block, uint32(n))
			if _, failed := stream.Write(block[:4+n]); failed != nil || n == 0 {
				return
			}
		}
	}()
	go func() {
		defer both.Done()
		head := make([]byte, 4)
		block := make([]byte, 256*1024)
		for {
			if _, err := io.ReadFull(stream, head); err != nil {
				break
			}
			left := int(binary.BigEndian.Uint32(head))
			if left == 0 {
				break
			}
			for left > 0 {
				n, err := stream.Read(block[:min(left, len(block))])
				if err != nil {
					client.Close()
					return
				}
				left -= n
				client.Write(block[:n])
			}
		}
		client.(*net.TCPConn).CloseWrite()
	}()
	both.Wait()
	client.Close()
	stream.Close()
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

func near(hub string, ports []string) {
	listener, err := net.Listen("tcp", hub)
	must(err)
	connection, err := listener.Accept()
	must(err)
	session, err := yamux.Server(connection, nil)
	must(err)
	for index, port := range ports {
		server, err := net.Listen("tcp", "127.0.0.1:"+port)
		must(err)
		go func(index byte) {
			for {
				client, err := server.Accept()
				must(err)
				stream, err := session.Open()
				must(err)
				stream.Write([]byte{index})
				go join(client, stream)
			}
		}(byte(index))
	}
	select {}
}

func far(hub string, targets []string) {
	connection, err := net.Dial("tcp", hub)
	must(err)
	session, err := yamux.Client(connection, nil)
	must(err)
	for {
		stream, err := session.Accept()
		must(err)
		go func() {
			index := make([]byte, 1)
			io.ReadFull(stream, index)
			target, err := net.Dial("tcp", targets[index[0]])
			must(err)
			join(target, stream)
		}()
	}
}

func main() {
	if os.Args[1] == "near" {
		near(os.Args[2], os.Args[3:])
	} else {
		far(os.Args[2], os.Args[3:])
	}
}
